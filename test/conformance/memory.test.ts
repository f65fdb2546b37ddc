import { runSuites } from './run-suites.ts';

runSuites('memory');
