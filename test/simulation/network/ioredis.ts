import { EventEmitter } from 'node:events';
import { currentWorld } from '../world/current-world.ts';
import type { Sent } from './redis-host.ts';
import { RedisLink } from './redis-link.ts';

/*
 * What stands in for the package `ioredis`, as far as the store uses it: its states, its events, and how it fails. Commands
 * do not become bytes; all else of the way to Redis and back is the store's own.
 */

/** The options that mean something here. */
export interface RedisOptions {
  readonly retryStrategy?: (times: number) => number | null;
  readonly connectTimeout?: number;
  readonly socketTimeout?: number;
}

/** There is no cluster in a simulated world. */
export class Cluster {
  readonly isCluster = true;
}

/** A client of the world's Redis. */
export class Redis extends EventEmitter {
  readonly isCluster = false;
  readonly options: RedisOptions;
  status: 'wait' | 'connecting' | 'ready' | 'reconnecting' | 'end' = 'wait';
  readonly stream = {
    cork: (): void => void (this.#isCorked = true),
    uncork: (): void => {
      this.#isCorked = false;
      this.#flush();
    },
    destroy: (): void => this.#drop('the stream was destroyed'),
  };
  #link: RedisLink | null = null;
  #isCorked = false;
  #out: Sent[] = [];
  readonly #waiting = new Set<Sent>();
  #attempts = 0;
  #heardAtMs = 0;
  #silence: NodeJS.Timeout | undefined;

  constructor(options: RedisOptions) {
    super();
    this.options = options;
  }

  /** Rejects when the first attempt fails; attempts go on as `retryStrategy` says. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connect(resolve, reject);
    });
  }

  disconnect(): void {
    const wasThere = this.#link !== null;
    this.status = 'end';
    this.#drop('Connection is closed.');
    if (!wasThere) this.emit('end');
  }

  call(name: string, ...args: readonly (string | number)[]): Promise<unknown> {
    if (this.status !== 'ready') {
      return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"));
    }
    return new Promise<unknown>((resolve, reject) => {
      const sent: Sent = {
        name,
        args: args.map(toBytes),
        resolve: (reply) => {
          this.#waiting.delete(sent);
          resolve(reply);
        },
        reject: (error) => {
          this.#waiting.delete(sent);
          reject(error);
        },
      };
      this.#waiting.add(sent);
      this.#out.push(sent);
      this.#watchSilence();
      if (!this.#isCorked) this.#flush();
    });
  }

  ping(): Promise<unknown> {
    return this.call('PING');
  }

  subscribe(...channels: readonly string[]): Promise<unknown> {
    return this.call('SUBSCRIBE', ...channels);
  }

  unsubscribe(...channels: readonly string[]): Promise<unknown> {
    return this.call('UNSUBSCRIBE', ...channels);
  }

  #flush(): void {
    if (this.#out.length === 0) return;
    this.#link?.send(this.#out);
    this.#out = [];
  }

  #connect(connected: () => void, failed: (error: Error) => void): void {
    const { redis, seed } = currentWorld();
    const { loop } = redis;
    const { current: process } = loop;
    if (process === null) throw new Error('connections are made within a process');
    this.status = 'connecting';
    const attempt = { isOver: false };
    const over = (): boolean => {
      const wasOver = attempt.isOver || this.status === 'end';
      attempt.isOver = true;
      clearTimeout(timer);
      return wasOver;
    };
    const fail = (text: string): void => {
      if (over()) return;
      const error = new Error(text);
      this.emit('error', error);
      failed(error);
      this.#closed();
    };
    const timer = setTimeout(() => fail('connect ETIMEDOUT'), this.options.connectTimeout ?? 10_000);
    loop.after(process.chance.between(0.2, 2), redis.process, () => {
      const isUp = redis.isUp;
      loop.after(0.1, process, () => {
        if (!isUp) {
          fail('connect ECONNREFUSED');
          return;
        }
        if (over()) return;
        this.#link = new RedisLink(redis, process, seed, {
          told: (channel, text) => void this.emit('message', channel, text),
          heard: () => void (this.#heardAtMs = loop.nowMs),
          lost: () => this.#drop('read ECONNRESET'),
        });
        this.#attempts = 0;
        this.status = 'ready';
        this.emit('ready');
        connected();
      });
    });
  }

  /** The connection is gone, whoever ended it. */
  #drop(why: string): void {
    const link = this.#link;
    if (link === null) return;
    this.#link = null;
    link.close();
    clearTimeout(this.#silence);
    this.#silence = undefined;
    this.#out = [];
    for (const { reject } of [...this.#waiting]) reject(new Error(why));
    this.#closed();
  }

  #closed(): void {
    this.emit('close');
    const pauseMs = this.status === 'end' ? null : this.#pauseMs();
    if (pauseMs === null) {
      this.status = 'end';
      this.emit('end');
      return;
    }
    this.status = 'reconnecting';
    setTimeout(() => {
      if (this.status === 'reconnecting') this.#connect(ignore, ignore);
    }, pauseMs);
  }

  #pauseMs(): number | null {
    this.#attempts += 1;
    return this.options.retryStrategy?.(this.#attempts) ?? null;
  }

  /** Closes a connection that has been silent for too long while something waited for an answer. */
  #watchSilence(): void {
    const { socketTimeout } = this.options;
    if (socketTimeout === undefined || this.#silence !== undefined) return;
    const since = currentWorld().redis.loop.nowMs;
    this.#silence = setTimeout(() => {
      this.#silence = undefined;
      if (this.#waiting.size === 0) return;
      if (this.#heardAtMs < since) this.#drop('Socket timeout');
      else this.#watchSilence();
    }, socketTimeout);
  }
}

/** Scripts' texts in bytes, which every store sends again. */
const scripts = new Map<string, string>();

/** Of all that a world says only the comments of scripts are more than ASCII, so only long texts are looked at. */
function toBytes(value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (value.length < 500) return value;
  let bytes = scripts.get(value);
  if (bytes === undefined) scripts.set(value, (bytes = Buffer.from(value).toString('latin1')));
  return bytes;
}

function ignore(): void {
  // The next attempt tells, by its events.
}
