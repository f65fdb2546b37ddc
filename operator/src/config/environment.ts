import { ConfigError } from '@flotilla-im/environment';
import * as v from 'valibot';
import { VARIABLES, type Variable } from './variables.ts';

/** The operator's environment, checked and complete. What belongs to the other mode is empty. */
export type OperatorEnvironment = {
  readonly [Name in keyof typeof VARIABLES]: v.InferOutput<(typeof VARIABLES)[Name]['schema']>;
};

/** Every variable that the operator reads, whatever its mode. */
export const VARIABLE_NAMES: readonly string[] = Object.values(VARIABLES).map(({ name }) => name);

/**
 * Reads the configuration from the environment. An empty variable counts as missing.
 *
 * @param environment - `process.env`
 * @throws {ConfigError} with every fault, each naming its variable
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): OperatorEnvironment {
  const faults: string[] = [];
  const given = ({ name, default: value }: Variable): string | undefined => {
    const text = environment[name]?.trim();
    return text === undefined || text === '' ? value : text;
  };
  const mode = given(VARIABLES.mode);
  const entries = Object.entries<Variable>(VARIABLES).map(([key, variable]) => {
    if (variable.mode !== undefined && variable.mode !== mode) return [key, ''];
    const text = given(variable);
    if (text === undefined) {
      faults.push(`${variable.name} is missing.`);
      return [key, undefined];
    }
    const result = v.safeParse(variable.schema, text);
    if (!result.success) faults.push(`${variable.name} ${result.issues[0].message}.${shown(text)}`);
    return [key, result.output];
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(Object.fromEntries(entries)) as OperatorEnvironment;
}

/** A value with an `@` may be an address with a password in it: never shown. */
function shown(text: string): string {
  if (text.includes('@')) return '';
  const isServiceLink = text.startsWith('tcp://');
  const hint = ' This looks like a Kubernetes service link: set enableServiceLinks: false for the pod.';
  return ` It is ${JSON.stringify(text)}.${isServiceLink ? hint : ''}`;
}

/** What `--help` prints. */
export function helpText(): string {
  const variables = Object.values<Variable>(VARIABLES).map(
    ({ name, text, default: value }) =>
      `  ${name}\n      ${text}\n      Default: ${value === undefined ? 'none, required' : value === '' ? 'none' : value}`,
  );
  return [
    'Watches the shards and publishes the shard map.',
    'Configured by environment variables; takes no arguments but --help.',
    '',
    'Variables:',
    ...variables,
    '',
    'Exit codes: 0 after SIGTERM or SIGINT, 1 a fault of the software, 2 configuration, 3 Redis cannot be used,',
    '4 leadership lost (mode kubernetes): the process ends at once and is to be started again.',
    '',
  ].join('\n');
}
