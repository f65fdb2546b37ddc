export { type UnknownVariable, unknownVariables } from './unknown-variables.ts';
