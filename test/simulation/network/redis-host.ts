import type { Chance } from '../platform/chance.ts';
import type { Loop } from '../platform/loop.ts';
import { SimulatedProcess } from '../platform/process.ts';
import { EPOCH_MS } from '../platform/platform.ts';
import type { Reply } from '../redis/command.ts';
import { RedisServer } from '../redis/server.ts';
import type { RedisLink } from './redis-link.ts';

/** One command on its way, or what came of it. */
export interface Sent {
  readonly name: string;
  readonly args: readonly string[];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The one Redis of a world, and the network around it. */
export class RedisHost {
  readonly process: SimulatedProcess;
  readonly server: RedisServer;
  readonly loop: Loop;
  readonly links = new Set<RedisLink>();
  /** Whether connections are taken; a server that restarts takes none for a while. */
  isUp = true;
  /** How probable it is that a subscriber misses what is published to a shard. */
  dropped = 0;
  readonly #chance: Chance;
  readonly #subscribers = new Map<string, Set<RedisLink>>();

  constructor(loop: Loop, seed: number, chance: Chance, onEvent: (args: readonly string[]) => void) {
    this.loop = loop;
    this.#chance = chance;
    this.process = new SimulatedProcess(loop, 'redis', seed);
    this.server = new RedisServer({
      wallMs: () => EPOCH_MS + loop.nowMs,
      publish: (channel, text) => this.#publish(channel, text),
      newReplicationId: () => Array.from({ length: 40 }, () => this.process.chance.below(16).toString(16)).join(''),
      onEvent,
    });
  }

  subscribe(link: RedisLink, channel: string): void {
    const known = this.#subscribers.get(channel);
    if (known === undefined) this.#subscribers.set(channel, new Set([link]));
    else known.add(link);
  }

  unsubscribe(link: RedisLink, channel: string): void {
    this.#subscribers.get(channel)?.delete(link);
  }

  /** The connection is gone. */
  forget(link: RedisLink): void {
    this.links.delete(link);
    for (const links of this.#subscribers.values()) links.delete(link);
  }

  /** The server ends and is there again later, with its data; all connections break. */
  restart(downMs: number): void {
    this.isUp = false;
    for (const link of [...this.links]) link.reset();
    this.loop.after(downMs, this.process, () => {
      this.server.beginLife();
      this.isUp = true;
    });
  }

  /** A server with other data takes its place; all connections break. */
  promote(copy: ReturnType<RedisServer['keys']['copy']>): void {
    for (const link of [...this.links]) link.reset();
    this.server.keys.restore(copy);
    this.server.beginLife();
  }

  #publish(channel: string, text: string): number {
    const links = this.#subscribers.get(channel);
    if (links === undefined) return 0;
    const isOfShard = this.dropped > 0 && channel.includes('shard:');
    for (const link of links) {
      if (!isOfShard || !this.#chance.happens(this.dropped)) link.tell(channel, text);
    }
    return links.size;
  }
}
