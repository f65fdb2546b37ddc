import { runSuites } from './run-suites.ts';

runSuites('Redis Cluster');
