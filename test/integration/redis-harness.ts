import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** How a private Redis is started. */
export interface RedisOptions {
  /** Whether it keeps an append-only file, written before each answer; default false. */
  readonly appendonly?: boolean;
  /** More settings, as on its command line without dashes, for example `{ maxmemory: '10mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A folder that is there already and is not removed; default: one of its own, removed with it. */
  readonly folder?: string;
  /** A program with its arguments that becomes Redis by `exec`, for example `['setpriv', '--pdeathsig', 'KILL']`. */
  readonly under?: readonly string[];
  /**
   * Whether it gets a session of its own, as it has a machine of its own elsewhere: Linux may deal its processors out by session,
   * and Redis would share one part with all programs of the test. No Ctrl-C of the terminal reaches it then. Default false.
   */
  readonly hasOwnSession?: boolean;
}

/** A redis-server process of the test's own, on loopback and a free port, with its own folder. */
export interface PrivateRedis {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** Process id of the present process; `null` while it is down. */
  readonly pid: () => number | null;
  /** Ends it in order (SHUTDOWN NOSAVE keeps the append-only file) and starts it again on the same port. */
  readonly restart: () => Promise<void>;
  /** Ends it hard. */
  readonly kill: () => Promise<void>;
  /** Ends it in order; what it has stands in its file, if it keeps one. */
  readonly end: () => Promise<void>;
  /** Starts it again after `kill` or `end`. */
  readonly start: () => Promise<void>;
  /** The same, with other settings for this once. */
  readonly startAs: (settings: Readonly<Record<string, string>>) => Promise<void>;
  /** Stops the process without ending it: connections stay open and nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** One command over a connection of its own. */
  readonly command: (name: string, ...args: string[]) => Promise<unknown>;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** The program that is started: what `npm test` found, or Redis on the PATH. */
const program = process.env['REDIS_SERVER'] ?? 'redis-server';
const startTimeoutMs = 30_000;

/** How to end those that run, should this process end before them. */
const exits = new Set<() => void>();
const endAll = (): void => {
  for (const end of exits) end();
};

/**
 * A port that nothing listened on a moment ago, nor on the one that a cluster's bus would take (+ 10,000). Both lie below
 * those that systems deal out to outgoing connections.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** One command to a Redis or Sentinel of the loopback address, over a connection of its own. */
export async function redisCommand(
  port: number,
  password: string | undefined,
  name: string,
  args: string[],
): Promise<unknown> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    // A connection that was refused has no end to wait for.
    disconnectTimeout: 20,
    retryStrategy: () => null,
    ...(password === undefined ? {} : { password }),
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}

/** Waits until the very process answers, not another one that took the port before it. False when it ended instead. */
async function isUp(port: number, password: string | undefined, child: ChildProcess): Promise<boolean> {
  // A program that is not there has no process id.
  child.once('error', () => {});
  const givenUpMs = Date.now() + startTimeoutMs;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null && Date.now() < givenUpMs) {
    const info = await redisCommand(port, password, 'INFO', ['server']).catch(String);
    if (String(info).includes(`process_id:${child.pid}\r`)) return true;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return false;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

interface Launched {
  readonly port: number;
  readonly folder: string;
  readonly isFolderOwn: boolean;
  readonly command: readonly string[];
  readonly hasOwnSession: boolean;
  readonly password: string | undefined;
}

async function prepare(options: RedisOptions): Promise<Launched> {
  const port = await freePort();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'flotilla-redis-')));
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '',
    'repl-diskless-sync-delay': '0',
    appendonly: options.appendonly === true ? 'yes' : 'no',
    appendfsync: 'always',
    ...options.settings,
  };
  const words = [...(options.under ?? []), program, ...argumentsOf(settings)];
  const password = options.settings?.['requirepass'];
  const { hasOwnSession = false } = options;
  return { port, folder, isFolderOwn: options.folder === undefined, command: words, hasOwnSession, password };
}

function argumentsOf(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Starts a private Redis and waits until it answers. Stop it in the test's teardown. */
export async function startRedis(options: RedisOptions = {}): Promise<PrivateRedis> {
  // Another process may take a free port first; a few of them cannot all be taken.
  for (let attempt = 1; ; attempt++) {
    const launched = await prepare(options);
    const redis = privateRedis(launched);
    try {
      await redis.start();
      return redis;
    } catch (cause) {
      await redis.stop();
      if (attempt === 4) throw cause;
    }
  }
}

function privateRedis({ port, folder, isFolderOwn, command: words, hasOwnSession, password }: Launched): PrivateRedis {
  let child: ChildProcess | null = null;
  const end = () => void child?.kill('SIGKILL');

  const startAs = async (settings: Readonly<Record<string, string>>): Promise<void> => {
    const [first = program, ...rest] = words;
    child = spawn(first, [...rest, ...argumentsOf(settings)], { stdio: 'ignore', detached: hasOwnSession });
    exits.add(end);
    if (!process.listeners('exit').includes(endAll)) process.once('exit', endAll);
    if (!(await isUp(port, password, child))) throw new Error(`${program} did not start on port ${port}`);
  };
  const start = (): Promise<void> => startAs({});
  const finish = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending?.pid === undefined) return;
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended(ending);
  };

  return {
    url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    folder,
    pid: () => child?.pid ?? null,
    restart: async () => {
      await finish('SIGTERM');
      await start();
    },
    kill: () => finish('SIGKILL'),
    end: () => finish('SIGTERM'),
    start,
    startAs,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    command: (name, ...rest) => redisCommand(port, password, name, rest),
    stop: async () => {
      await finish('SIGKILL');
      exits.delete(end);
      if (exits.size === 0) process.removeListener('exit', endAll);
      if (isFolderOwn) await rm(folder, { recursive: true, force: true });
    },
  };
}
