import type { ClientKind, Present } from '../../journal/record.ts';
import { LOST, STRETCHES } from './stretches.ts';

/** A connection of a client of a story. */
export interface Connection {
  readonly connection: number;
  readonly shard: number;
  readonly servedMs: number;
  readonly closedMs: number;
}

/** How a client spends a story. */
export interface Life {
  readonly presents: readonly (readonly [tMs: number, what: Present[3]])[];
  readonly connections: readonly Connection[];
  readonly heard: readonly (readonly [type: 'online' | 'offline', tMs: number])[];
  /** When and over which connection it gets what is there at a time; null: not any more. */
  reachableAt(tMs: number): { readonly tMs: number; readonly connection: number } | null;
  /** Whether it has a connection at a time. */
  isThereAt(tMs: number): boolean;
}

const SHARDS = 3;
const GRACE_MS = 10_000;

/** By chance: some are moved, some leave briefly or for long, some are stopped, some lose their connection. Everybody leaves at the end. */
export function lifeOf(kind: ClientKind, chance: () => number): Life {
  const story = new LifeStory(Math.floor(chance() * SHARDS), chance);
  if (chance() < 0.6) story.moves(within('moves', 25_000, chance), kind === 'v1');
  if (chance() < 0.6) story.leaves(within('leaving', 5_000, chance), chance() < 0.5 ? 3_000 : 25_000, chance() < 0.5);
  if (chance() < 0.4) story.stops(within('freeze', 5_000, chance), chance() < 0.5);
  if (chance() < 0.5) story.crashes(within('crash', 5_000, chance), 1_000 + 4_000 * chance());
  if (chance() < 0.5) story.leaves(LOST.fromMs - 1_000 * chance() - 200, 5_000, false);
  story.ends(STRETCHES.end + 100 * chance());
  return story;
}

function within(stretch: keyof typeof STRETCHES, widthMs: number, chance: () => number): number {
  return STRETCHES[stretch] + 1_000 + widthMs * chance();
}

class LifeStory implements Life {
  readonly presents: [tMs: number, what: Present[3]][] = [];
  readonly connections: Connection[] = [];
  readonly heard: ['online' | 'offline', number][] = [];
  readonly #chance: () => number;
  /** When it does not read. */
  readonly #stalls: { readonly fromMs: number; readonly toMs: number }[] = [];
  #shard: number;

  constructor(shard: number, chance: () => number) {
    this.#shard = shard;
    this.#chance = chance;
    this.presents.push([10, 'comes']);
    this.#serve(20 + 100 * chance());
    this.#hear('online', this.#last.servedMs);
  }

  reachableAt(tMs: number): { readonly tMs: number; readonly connection: number } | null {
    const stall = this.#stalls.find((one) => tMs >= one.fromMs && tMs < one.toMs);
    if (stall) return this.reachableAt(stall.toMs + 1);
    const open = this.connections.findLast(({ servedMs, closedMs }) => tMs >= servedMs && tMs < closedMs - 1);
    if (open) return { tMs, connection: open.connection };
    const next = this.connections.find(({ servedMs }) => servedMs > tMs);
    return next === undefined ? null : this.reachableAt(next.servedMs + 1);
  }

  isThereAt(tMs: number): boolean {
    return this.connections.some(({ servedMs, closedMs }) => tMs >= servedMs && tMs < closedMs);
  }

  /** @param isMadeFirst - the new connection before the old one is broken */
  moves(tMs: number, isMadeFirst: boolean): void {
    this.#shard = (this.#shard + 1) % SHARDS;
    if (!isMadeFirst) this.#close(tMs);
    this.#serve(tMs + 30);
    if (isMadeFirst) this.#close(tMs + 40, this.connections.length - 2);
  }

  leaves(tMs: number, awayMs: number, isHeard: boolean): void {
    this.presents.push([tMs, 'leaves']);
    this.#close(tMs + 2);
    const isOffline = awayMs > GRACE_MS || isHeard;
    if (isOffline) this.#hear('offline', tMs + (isHeard ? 3 : GRACE_MS));
    this.presents.push([tMs + awayMs, 'comes']);
    this.#serve(tMs + awayMs + 50);
    if (isOffline) this.#hear('online', tMs + awayMs + 45);
  }

  stops(tMs: number, isGivenUp: boolean): void {
    const toMs = tMs + 30_000;
    this.presents.push([tMs, 'stalls'], [toMs, 'resumes']);
    if (!isGivenUp) {
      this.#stalls.push({ fromMs: tMs, toMs });
      return;
    }
    this.#close(toMs + 10);
    this.#hear('offline', tMs + 25_000);
    this.#stalls.push({ fromMs: tMs, toMs: toMs + 11 });
    this.#serve(toMs + 300);
    this.#hear('online', toMs + 298);
  }

  crashes(tMs: number, awayMs: number): void {
    this.#close(tMs);
    this.#serve(tMs + awayMs);
  }

  ends(tMs: number): void {
    this.presents.push([tMs, 'leaves']);
    this.#close(tMs + 2);
    this.#hear('offline', tMs + (this.#chance() < 0.5 ? 3 : GRACE_MS));
  }

  get #last(): Connection {
    return this.connections.at(-1) as Connection;
  }

  #serve(servedMs: number): void {
    const connection = this.connections.length + 1;
    this.connections.push({ connection, shard: this.#shard, servedMs, closedMs: Infinity });
  }

  #close(closedMs: number, at = this.connections.length - 1): void {
    this.connections[at] = { ...(this.connections[at] as Connection), closedMs };
  }

  #hear(type: 'online' | 'offline', tMs: number): void {
    this.heard.push([type, tMs + 200 * this.#chance()]);
  }
}
