import { FlotillaError } from '@flotilla-im/protocol';
import { isRefusal, storeError } from './store-error.ts';

/** Runs one command on one node; rejects with the client's own error. */
export type NodeCall = (command: string, ...args: string[]) => Promise<unknown>;

const oldest = { redis: 7, valkey: 7 } as const;

function parseInfo(text: unknown): ReadonlyMap<string, string> {
  const lines = String(text).split('\r\n');
  return new Map(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

function checkVersion(info: ReadonlyMap<string, string>): void {
  const valkey = info.get('valkey_version');
  const version = valkey ?? info.get('redis_version') ?? 'unknown';
  const isOldEnough = Number.parseInt(version, 10) >= (valkey === undefined ? oldest.redis : oldest.valkey);
  if (!isOldEnough) {
    throw new FlotillaError(
      'store_unsupported',
      `this is Redis ${version}; Flotilla needs Redis 7.0 or newer, or Valkey`,
    );
  }
}

function checkEviction(info: ReadonlyMap<string, string>): void {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined || policy === 'noeviction' || info.get('maxmemory') === '0') return;
  throw new FlotillaError(
    'store_unsupported',
    `this Redis evicts keys when it is full (maxmemory-policy ${policy}), which would lose accepted messages; set maxmemory-policy noeviction`,
  );
}

async function persistenceWarnings(info: ReadonlyMap<string, string>, call: NodeCall): Promise<string[]> {
  if (info.get('aof_enabled') === '1') return [];
  try {
    const reply = await call('CONFIG', 'GET', 'save');
    const save = Array.isArray(reply) ? String(reply[1] ?? '') : '';
    return save === ''
      ? ['Redis does not save to disk (no appendonly, no save points): a restart of Redis loses every message']
      : ['Redis saves snapshots only (appendonly no): a crash of Redis loses the messages since the last one'];
  } catch (cause) {
    if (!isRefusal(cause) && !/unknown (?:sub)?command/i.test(String(cause))) throw cause;
    return ['whether Redis saves to disk could not be checked (CONFIG GET is not allowed)'];
  }
}

/**
 * Checks one Redis node before it is trusted with messages.
 *
 * @returns what is allowed but worth a warning, one sentence each.
 * @throws {FlotillaError} store_unsupported when it is older than 7.0, evicts keys, or forbids INFO, which every append
 * needs (the replication id tells one life of the master from another).
 */
export async function verifyNode(call: NodeCall): Promise<string[]> {
  try {
    const [server, memory, persistence, replication] = await Promise.all([
      call('INFO', 'server'),
      call('INFO', 'memory'),
      call('INFO', 'persistence'),
      call('INFO', 'replication'),
    ]);
    checkVersion(parseInfo(server));
    checkEviction(parseInfo(memory));
    if (!/^[0-9a-f]{40}$/.test(parseInfo(replication).get('master_replid') ?? '')) {
      throw new FlotillaError(
        'store_unsupported',
        'this Redis does not tell its replication id (INFO replication), which positions are made of',
      );
    }
    return await persistenceWarnings(parseInfo(persistence), call);
  } catch (cause) {
    throw storeError(cause);
  }
}
