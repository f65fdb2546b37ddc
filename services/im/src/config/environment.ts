import { ConfigError } from '@flotilla-im/environment';
import { LIMIT_NAMES, limitVariable } from './limits.ts';
import { type ShardConfig, compileConfig } from './config.ts';
import { VARIABLES, type Variable } from './variables.ts';

const LIMIT_PREFIX = 'FLOTILLA_LIMIT_';
const LIMIT_VARIABLES: ReadonlyMap<string, string> = new Map(LIMIT_NAMES.map((name) => [limitVariable(name), name]));

/** All variables that a pod reads. */
export const VARIABLE_NAMES: readonly string[] = [...VARIABLES.map(({ name }) => name), ...LIMIT_VARIABLES.keys()];

/**
 * Reads a pod's configuration from its environment. An empty variable counts as missing.
 *
 * @param environment - `process.env`
 * @param hostname - where the shard id is read from when FLOTILLA_SHARD is missing: `im-3` is shard 3
 * @throws {ConfigError} with every fault, each naming its variable
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  hostname: string,
): ShardConfig {
  const options: Record<string, unknown> = {};
  for (const variable of VARIABLES) {
    const text = environment[variable.name]?.trim();
    if (text !== undefined && text !== '') options[variable.option] = valueOf(variable, text);
  }
  options['shard'] ??= ordinalOf(hostname);
  options['limits'] = readLimits(environment);
  const faults = unknownLimits(environment);
  try {
    const config = compileConfig(options, variableOf);
    if (faults.length === 0) return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  }
  throw new ConfigError(faults);
}

/** A number stays a text when it is none, so that the fault can show what was written. */
function valueOf(variable: Variable, text: string): unknown {
  if (variable.kind === 'list') return text.split(/[\s,]+/u).filter((part) => part !== '');
  return variable.kind === 'number' ? numberOf(text) : text;
}

function numberOf(text: string): number | string {
  return /^\d{1,15}$/u.test(text) ? Number(text) : text;
}

/** The ordinal that a StatefulSet puts at the end of its pods' hostnames. */
function ordinalOf(hostname: string): number | undefined {
  const digits = /-(\d{1,9})$/u.exec(hostname.split('.')[0] ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readLimits(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const limits: Record<string, unknown> = {};
  for (const [variable, name] of LIMIT_VARIABLES) {
    const text = environment[variable]?.trim();
    if (text !== undefined && text !== '') limits[name] = numberOf(text);
  }
  return limits;
}

/** Other unknown FLOTILLA_ variables are left alone: Kubernetes makes some for a Service called `flotilla`. */
function unknownLimits(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith(LIMIT_PREFIX) && !LIMIT_VARIABLES.has(name))
    .sort()
    .map((name) => `${name} is no limit that this version knows; --help lists them.`);
}

/** How a fault names an option when the configuration came from the environment. */
function variableOf(path: readonly string[]): string {
  const [option, name] = path;
  if (option === 'limits') return LIMIT_NAMES.filter((limit) => limit === name).map(limitVariable)[0] ?? 'limits';
  return VARIABLES.find((variable) => variable.option === option)?.name ?? path.join('.');
}
