import { compileConfig, type DemoOptions } from './config.ts';
import { VARIABLES } from './variables.ts';

/**
 * Reads the options from the environment and checks them. An empty variable counts as missing.
 *
 * @param environment - `process.env`
 * @throws {ConfigError} with every fault, each naming its variable
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): DemoOptions {
  const options: Partial<Record<keyof DemoOptions, unknown>> = {};
  for (const { name, option } of VARIABLES) {
    const text = environment[name]?.trim() ?? '';
    if (text !== '') options[option] = valueOf(option, text);
  }
  // Each is of its option's type now, which the compiler cannot see.
  const given = { tokenKeysFile: '', ...options } as unknown as DemoOptions;
  compileConfig(given, variableOf);
  return given;
}

function valueOf(option: keyof DemoOptions, text: string): unknown {
  if (option === 'port') return portOf(text);
  if (option === 'iceServers') return jsonOf(text);
  if (option === 'fileBytes' || option === 'filesTotalBytes') return /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  return option === 'trustedProxies' ? text.split(/[\s,]+/u).filter((part) => part !== '') : text;
}

/** What is no JSON stays a text, which no list is. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is no number becomes one that no port is. */
function portOf(text: string): number {
  return /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
}

function variableOf(option: keyof DemoOptions): string {
  return VARIABLES.find((variable) => variable.option === option)?.name ?? option;
}
