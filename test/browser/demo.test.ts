import { hostileSuite } from './suites/hostile.ts';
import { keyboardSuite } from './suites/keyboard.ts';
import { layoutSuite } from './suites/layout.ts';
import { overRestartSuite } from './suites/over-restart.ts';
import { demoStage } from './stage.ts';

const stage = demoStage();

// The keyboard stops at everybody and every channel there is: first, while these are few.
keyboardSuite(stage);
layoutSuite(stage);
overRestartSuite(stage);
hostileSuite(stage);
