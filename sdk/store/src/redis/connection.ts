import { FlotillaError } from '@flotilla-im/protocol';
import { Cluster, type Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { PARTITION_COUNT } from '../partition.ts';
import type { ClientTimes, RedisClient } from './client.ts';
import { createCommandClient, createSubscriberClient, masterClients } from './client.ts';
import { WriteCoalescer } from './coalesce.ts';
import { Deadlines, LIMITS_IN_ORDER } from './deadlines.ts';
import { HealthMonitor } from './health.ts';
import { masterName, readMasterLives } from './master-lives.ts';
import { createScripts } from './scripts.ts';
import { isRefusal, storeError, whyNot } from './store-error.ts';
import { describeTarget, type RedisTarget } from './url.ts';
import { verifyNode } from './verify.ts';

/** What a script or a command answers, as this package uses them. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** Where to connect, and how patiently. */
export interface ConnectionOptions extends ClientTimes {
  readonly target: RedisTarget;
  readonly keys: Keys;
}

/** One connection for commands (a cluster: one a node), opened and checked. Every rejection is a `FlotillaError`. */
export interface RedisConnection {
  readonly target: RedisTarget;
  readonly keys: Keys;
  readonly warnings: readonly string[];
  readonly health: HealthMonitor;
  /** One command, its name in capitals (else the client reshapes replies), sent to the node of its first key. */
  command(name: string, ...args: readonly (string | number)[]): Promise<RedisReply>;
  /** One atomic step of `lua/`; its keys share a hash tag. Known to Redis by its hash after the first use of a connection. */
  script(name: string, keys: readonly string[], args: readonly (string | number)[]): Promise<RedisReply>;
  /**
   * Several commands in one write, in order, all to the node of the first one's key; the others need none. Rejects when any
   * of them fails.
   */
  together(commands: readonly (readonly (string | number)[])[]): Promise<readonly RedisReply[]>;
  /** Which master a partition lies on as far as is known: equal for those on the same one. */
  masterName(partition: number): string;
  /** The lives of the partitions' masters; see `LogStore.masters`. */
  masters(): Promise<readonly string[]>;
  /** A connection for subscriptions, to be connected by the caller; `attempt` picks another node of a cluster each time. */
  subscriberClient(attempt: number): Redis;
  /** Waits for commands under way, at most `timeoutMs`; then nothing is sent any more. */
  close(timeoutMs: number): Promise<void>;
}

/** A failure that passes by itself is also news about the store's health. */
function isHealthNews(error: FlotillaError): boolean {
  return error.code === 'store_unavailable';
}

async function connect(client: RedisClient, { target, connectTimeoutMs }: ConnectionOptions): Promise<void> {
  let lastCause: unknown;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const onError = (cause: unknown) => {
        const nodeCause = (cause as { lastNodeError?: unknown } | undefined)?.lastNodeError ?? cause;
        lastCause = nodeCause;
        if (isRefusal(nodeCause)) reject(storeError(nodeCause));
      };
      client.on('error', onError);
      client.once('ready', () => {
        client.off('error', onError);
        resolve();
      });
      timer = setTimeout(() => {
        const text = `${describeTarget(target)} could not be reached within ${connectTimeoutMs} ms${whyNot(lastCause)}`;
        reject(new FlotillaError('store_unavailable', text, { cause: lastCause }));
      }, connectTimeoutMs);
      // Failed attempts are repeated by the client; the timer decides when to give up.
      client.connect().catch(onError);
    });
  } finally {
    clearTimeout(timer);
  }
}

async function verify(client: RedisClient): Promise<string[]> {
  const found = await Promise.all(
    masterClients(client).map((node) => verifyNode((name, ...args) => node.call(name, ...args))),
  );
  return [...new Set(found.flat())];
}

/** Asks every node something: on a cluster through keys all over the slots, so that a missing node is noticed. */
async function pingAll(client: RedisClient, keys: Keys): Promise<void> {
  if (!client.isCluster) {
    await client.ping();
    return;
  }
  const spread = Array.from({ length: 16 }, (_, i) => keys.tails(i * (PARTITION_COUNT / 16)));
  await Promise.all([keys.leases, ...spread].map((key) => client.exists(key)));
}

/**
 * Connects and checks the store (see `verifyNode`).
 *
 * @throws {FlotillaError} store_unavailable when it cannot be reached in time; store_unsupported when it may not be used.
 */
export async function openRedisConnection(options: ConnectionOptions): Promise<RedisConnection> {
  const client = createCommandClient(options.target, options);
  client.on('error', () => {});
  try {
    await connect(client, options);
    const warnings = await verify(client);
    return createConnection(client, options, warnings);
  } catch (cause) {
    client.disconnect();
    throw storeError(cause);
  }
}

async function runTogether(
  client: RedisClient,
  commands: readonly (readonly (string | number)[])[],
): Promise<readonly RedisReply[]> {
  const pipeline = client.pipeline();
  for (const [name = '', ...args] of commands) pipeline.call(String(name), ...args);
  const replies = (await pipeline.exec()) ?? [];
  for (const [error] of replies) {
    if (error === null) continue;
    // A cluster's client follows redirections of lone commands only.
    if (client instanceof Cluster && /^(?:MOVED|ASK)\b/.test(error.message)) client.refreshSlotsCache();
    throw error;
  }
  return replies.map(([, reply]) => reply as RedisReply);
}

function createConnection(
  client: RedisClient,
  options: ConnectionOptions,
  warnings: readonly string[],
): RedisConnection {
  const { target, keys, commandTimeoutMs } = options;
  const coalescer = new WriteCoalescer(client);
  // The nodes of a cluster answer each for itself: that one does says nothing of another.
  const mostLimits = client.isCluster ? 1 : LIMITS_IN_ORDER;
  const deadlines = new Deadlines(commandTimeoutMs, () => health.reportFailure(), mostLimits);
  const probes = new Deadlines(commandTimeoutMs, () => {});
  const health = new HealthMonitor({ intervalMs: 200, ping: () => probes.limit(pingAll(client, keys), storeError) });
  const runScript = createScripts(client);
  let isClosed = false;

  for (const event of ['close', 'node error', '-node']) client.on(event, () => health.reportFailure());

  const mapError = (cause: unknown): FlotillaError => {
    const error = storeError(cause);
    if (isHealthNews(error)) health.reportFailure();
    return error;
  };
  const run = (send: () => Promise<unknown>): Promise<RedisReply> => {
    if (isClosed) return Promise.reject(new FlotillaError('closed', 'the store is closed'));
    coalescer.gather();
    return deadlines.limit(send() as Promise<RedisReply>, mapError);
  };
  return {
    target,
    keys,
    warnings,
    health,
    command: (name, ...args) => run(() => client.call(name, ...args)),
    script: (name, scriptKeys, args) => run(() => runScript(name, scriptKeys, args)),
    together: (commands) => run(() => runTogether(client, commands)) as Promise<readonly RedisReply[]>,
    masterName: (partition) => masterName(client, partition),
    masters: () => run(() => readMasterLives(client)) as Promise<readonly string[]>,
    subscriberClient: (attempt) => createSubscriberClient(target, options, client, attempt),
    async close(timeoutMs) {
      isClosed = true;
      health.close();
      const givenUpMs = performance.now() + timeoutMs;
      while (deadlines.size > 0 && performance.now() < givenUpMs)
        await new Promise((resolve) => setTimeout(resolve, 5));
      deadlines.close();
      probes.close();
      client.disconnect();
    },
  };
}
