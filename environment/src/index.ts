export { ConfigError } from './config-error.ts';
export { type UnknownVariable, unknownVariables } from './unknown-variables.ts';
