import type { Durability } from './durability.ts';
import type { LogKey } from './log.ts';
import { partitionOf } from './partition.ts';
import { type AskMaster, ConfirmLane } from './redis/confirm-lane.ts';
import type { RedisConnection } from './redis/connection.ts';
import { listReply, textReply } from './redis/reply.ts';
import { scriptText } from './redis/script-text.ts';

/** Long enough to be there when it is replicated; nobody reads it. */
const MARK_MS = 1_000;

type Requirement = Pick<Durability, 'replicas' | 'fsync'>;

/**
 * Confirms appends by WAIT and WAITAOF. Those block their connection, so each requirement has one of its own, made when it
 * is first asked for; the appends themselves go where all others go, in order with them. What makes the confirmation hold
 * for another connection's write: both happened in the same life of the master, the append before the mark.
 */
export class RedisConfirmations {
  readonly #open: () => Promise<RedisConnection>;
  readonly #commandTimeoutMs: number;
  readonly #connections = new Map<string, Promise<RedisConnection>>();
  readonly #lanes = new Map<string, ConfirmLane>();

  constructor(open: () => Promise<RedisConnection>, commandTimeoutMs: number) {
    this.#open = open;
    this.#commandTimeoutMs = commandTimeoutMs;
  }

  /** See `LogStore.confirm`. */
  async confirm({ id }: LogKey, master: string, { replicas, fsync, timeoutMs }: Durability): Promise<void> {
    const connection = await this.#connectionFor(`${replicas} ${String(fsync)}`);
    const partition = partitionOf(id);
    const name = `${replicas} ${String(fsync)} ${connection.masterName(partition)}`;
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new ConfirmLane(askOver(connection, { replicas, fsync }), this.#commandTimeoutMs);
      this.#lanes.set(name, lane);
    }
    await lane.confirm(partition, master, timeoutMs);
  }

  async close(timeoutMs: number): Promise<void> {
    const opening = [...this.#connections.values()];
    await Promise.all(opening.map((connection) => connection.then((one) => one.close(timeoutMs)).catch(() => {})));
  }

  #connectionFor(requirement: string): Promise<RedisConnection> {
    let connection = this.#connections.get(requirement);
    if (connection === undefined) {
      connection = this.#open();
      this.#connections.set(requirement, connection);
      connection.catch(() => this.#connections.delete(requirement));
    }
    return connection;
  }
}

function askOver(connection: RedisConnection, { replicas, fsync }: Requirement): AskMaster {
  const mark = scriptText('mark');
  return async (partition, waitMs) => {
    const commands: (readonly (string | number)[])[] = [['EVAL', mark, 1, connection.keys.mark(partition), MARK_MS]];
    if (replicas > 0) commands.push(['WAIT', replicas, waitMs]);
    if (fsync) commands.push(['WAITAOF', 1, 0, waitMs]);
    const [master, ...waited] = await connection.together(commands);
    const isOnReplicas = replicas === 0 || Number(waited[0]) >= replicas;
    const isOnDisk = !fsync || Number(listReply(waited.at(-1))[0]) >= 1;
    return { master: textReply(master), isMet: isOnReplicas && isOnDisk };
  };
}
