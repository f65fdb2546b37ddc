import { LIMITS, LIMIT_NAMES, limitVariable } from './limits.ts';
import { VARIABLES } from './variables.ts';

/** What `--help` prints: how to start a pod, and every variable with its default. */
export function helpText(): string {
  const variables = VARIABLES.map(({ name, text, shownDefault }) => entry(name, text, shownDefault));
  const limits = LIMIT_NAMES.map((name) => entry(limitVariable(name), LIMITS[name].text, shownLimit(name)));
  return [
    'Holds the connections of clients: plain WebSocket, flotilla.v1 and Socket.IO on one port.',
    'Configured by environment variables; takes no arguments but --help.',
    '',
    'Variables:',
    ...variables,
    '',
    'Limits:',
    ...limits,
    '',
    'Exit codes: 0 after a drain (SIGTERM, SIGINT), 1 a fault of the software, 2 configuration, 3 Redis cannot be used.',
    '',
  ].join('\n');
}

function entry(name: string, text: string, shownDefault: string): string {
  return `  ${name}\n      ${text}\n      Default: ${shownDefault}`;
}

function shownLimit(name: (typeof LIMIT_NAMES)[number]): string {
  const { default: value, unit } = LIMITS[name];
  return `${value.toLocaleString('en-US')} ${unit}`;
}
