import type { DemoOptions } from './config.ts';

/** One environment variable. */
export interface Variable {
  readonly name: string;
  readonly option: keyof DemoOptions;
  readonly shownDefault: string;
  readonly text: string;
}

/** The environment of the demo; `--help` and the reader of the environment share it. */
export const VARIABLES: readonly Variable[] = Object.freeze([
  { name: 'FLOTILLA_CLUSTER', option: 'cluster', shownDefault: 'flotilla', text: 'Name of the cluster.' },
  {
    name: 'FLOTILLA_REDIS_URL',
    option: 'redisUrl',
    shownDefault: 'redis://127.0.0.1:6379',
    text: 'redis://, rediss://, redis+cluster://host1,host2 or redis+sentinel://host1,host2/<db>?master=<name>.',
  },
  {
    name: 'FLOTILLA_REDIS_PASSWORD_FILE',
    option: 'redisPasswordFile',
    shownDefault: 'none',
    text: 'File with the password of Redis, instead of one in the URL.',
  },
  {
    name: 'FLOTILLA_TOKEN_KEYS_FILE',
    option: 'tokenKeysFile',
    shownDefault: 'none, required',
    text: 'JWKS file with the keys that sign connection tokens, the same as the shards have.',
  },
  { name: 'FLOTILLA_DEMO_HOST', option: 'host', shownDefault: '127.0.0.1', text: 'Address to listen on.' },
  { name: 'FLOTILLA_DEMO_PORT', option: 'port', shownDefault: '8080', text: 'Port to listen on; 0 takes a free one.' },
  {
    name: 'FLOTILLA_TRUSTED_PROXIES',
    option: 'trustedProxies',
    shownDefault: 'none',
    text: 'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed; also: loopback, private.',
  },
  {
    name: 'FLOTILLA_CONTROL_URL',
    option: 'controlUrl',
    shownDefault: 'none',
    text: 'Set by the launcher of one machine; pages can then scale it and kill shards.',
  },
  {
    name: 'FLOTILLA_FILES_DIR',
    option: 'filesDir',
    shownDefault: 'flotilla-demo-files in the folder of temporary files',
    text: 'Folder of the files that people send each other; several processes share one.',
  },
  { name: 'FLOTILLA_FILE_BYTES', option: 'fileBytes', shownDefault: '25000000', text: 'The largest file, in bytes.' },
  {
    name: 'FLOTILLA_FILES_TOTAL_BYTES',
    option: 'filesTotalBytes',
    shownDefault: '1000000000',
    text: 'All files together, in bytes; what would go beyond is refused.',
  },
  {
    name: 'FLOTILLA_ICE_SERVERS',
    option: 'iceServers',
    shownDefault: '[]',
    text: 'STUN and TURN servers for calls, a JSON list as RTCPeerConnection takes it; told to those who call.',
  },
] as const);

/** What `--help` prints. */
export function helpText(): string {
  const entries = VARIABLES.map(
    ({ name, text, shownDefault }) => `  ${name}\n      ${text}\n      Default: ${shownDefault}`,
  );
  return [
    'A sample business service with a chat page.',
    'Configured by environment variables; takes no arguments but --help.',
    '',
    'Variables:',
    ...entries,
    '',
    'Exit codes: 0 after SIGTERM or SIGINT, 1 a fault of the software, 2 configuration, 3 Redis cannot be used.',
    '',
  ].join('\n');
}
