export { DemoConfigError } from './config/config-error.ts';
export type { DemoOptions } from './config/config.ts';
export { type Demo, type DemoDeps, startDemo } from './start-demo.ts';
