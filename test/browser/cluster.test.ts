import { accessibilitySuite } from './suites/accessibility.ts';
import { callSuite } from './suites/calls.ts';
import { fileSuite } from './suites/files.ts';
import { togetherSuite } from './suites/together.ts';
import { clusterStage } from './stage.ts';

// A cluster that nothing disturbs, until the last scene of accessibility makes it larger.
const stage = clusterStage(18_300, ['--shards', '2']);

// Notices reach everybody and are kept: who counts them comes first.
togetherSuite(stage);
accessibilitySuite(stage);
fileSuite(stage);
callSuite(stage);
