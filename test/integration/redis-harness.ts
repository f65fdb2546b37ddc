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
  /** Starts it again after `kill`. */
  readonly start: () => Promise<void>;
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
const startTimeoutMs = 10_000;

const exits = new Set<() => void>();
process.once('exit', () => {
  for (const end of exits) end();
});

/** A port that nothing listened on a moment ago. Below 50,000, so that a cluster's bus port (+ 10,000) exists too. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 30_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function command(port: number, password: string | undefined, name: string, args: string[]): Promise<unknown> {
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

async function waitUntilUp(port: number, password: string | undefined, hasExited: () => boolean): Promise<void> {
  const givenUpMs = Date.now() + startTimeoutMs;
  for (;;) {
    const reply = await command(port, password, 'PING', []).catch((error: unknown) => error);
    if (reply === 'PONG') return;
    if (hasExited() || Date.now() > givenUpMs) throw new Error(`${program} did not start on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Starts a private Redis and waits until it answers. Stop it in the test's teardown. */
export async function startRedis(options: RedisOptions = {}): Promise<PrivateRedis> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-redis-'));
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
  const password = options.settings?.['requirepass'];
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  let child: ChildProcess | null = null;
  const end = () => void child?.kill('SIGKILL');

  const start = async (): Promise<void> => {
    const started = spawn(program, args, { stdio: 'ignore' });
    let isGone = false;
    started.once('error', () => (isGone = true)).once('exit', () => (isGone = true));
    child = started;
    exits.add(end);
    await waitUntilUp(port, password, () => isGone);
  };
  const finish = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null) return;
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended(ending);
  };

  await start();
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
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    command: (name, ...rest) => command(port, password, name, rest),
    stop: async () => {
      await finish('SIGKILL');
      exits.delete(end);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
