export { DemoConfigError, type DemoOptions } from './config.ts';
export { type Demo, type DemoDeps, startDemo } from './start-demo.ts';
