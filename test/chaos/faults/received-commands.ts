import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { scriptText } from '../../../sdk/store/src/redis/script-text.ts';

const SCRIPTS = new URL('../../../sdk/store/src/lua/', import.meta.url);

/** Counts commands as Redis receives them. Its own statistics count what scripts call as well, and tell nobody from another. */
export interface ReceivedCommands {
  /** Those of shards so far, by name; a script by its own. */
  ofShards(): ReadonlyMap<string, number>;
  close(): void;
}

/** What MONITOR shows for each command: when, in which database, from where, its name and first argument. Scripts call from `lua`. */
const COMMAND = /^\+?\d+\.\d+ \[\d+ ([^\]]+)\] "([^"]+)"(?: "([^"]*)")?/u;
const BY_SCRIPT = 'lua';
/** A shard is known by its canaries: while nobody sends, nobody else publishes to a shard. */
const CANARY = /"PUBLISH" "[^"]*:shard:/iu;

/**
 * Has Redis tell each command (MONITOR), and counts those that somebody sent.
 *
 * @param url - `redis://host:port`
 */
export async function countReceived(url: string): Promise<ReceivedCommands> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const counts = new Map<string, Map<string, number>>();
  const shards = new Set<string>();
  const scripts = scriptNames();
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, from = BY_SCRIPT, command = '', argument = ''] = COMMAND.exec(line) ?? [];
      const name = scripts.get(argument) ?? command.toUpperCase();
      if (from === BY_SCRIPT) continue;
      if (CANARY.test(line)) shards.add(from);
      const own = counts.get(from) ?? new Map<string, number>();
      counts.set(from, own.set(name, (own.get(name) ?? 0) + 1));
    }
  });
  // Whoever cuts the connection makes the count too small; a link is not struck while it is counted.
  socket.on('error', () => undefined);
  socket.write('MONITOR\r\n');
  return {
    ofShards: () => sumOf([...shards].map((from) => counts.get(from) ?? new Map<string, number>())),
    close: () => void socket.destroy(),
  };
}

/** By the hash that EVALSHA calls them by. */
function scriptNames(): ReadonlyMap<string, string> {
  const names = readdirSync(SCRIPTS).map((file) => file.replace(/\.lua$/u, ''));
  return new Map(names.map((name) => [createHash('sha1').update(scriptText(name)).digest('hex'), name]));
}

function sumOf(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of all.flatMap((counts) => [...counts])) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}
