export { ConfigError } from '@flotilla-im/environment';
export type { DemoOptions } from './config/config.ts';
export { type Demo, type DemoDeps, startDemo } from './start-demo.ts';
