import type { ClientKind, LogName } from '../journal/record.ts';

/** A client of the load. */
export interface Person {
  readonly clientId: string;
  readonly kind: ClientKind;
  /** The one channel that it is a member of. */
  readonly channel: string;
  /** Socket.IO only: it begins with long polling and upgrades, as an unmodified client does. */
  readonly polls: boolean;
}

const KINDS: readonly ClientKind[] = ['v1', 'plain', 'socketIo'];
/** One in so many Socket.IO clients begins with long polling. */
const POLLING = 4;

/** Everybody, by kind; each kind is dealt out over all channels. */
export function peopleOf(clients: Readonly<Record<ClientKind, number>>, channels: number): Person[] {
  return KINDS.flatMap((kind) =>
    Array.from({ length: clients[kind] }, (_, i) => ({
      clientId: `${kind}-${i}`,
      kind,
      channel: `c${i % channels}`,
      polls: kind === 'socketIo' && i % POLLING === 0,
    })),
  );
}

/** How a client listens, by its name. */
export function kindOf(clientId: string): ClientKind | undefined {
  return KINDS.find((kind) => clientId.startsWith(`${kind}-`));
}

/** A client's inbox. */
export function inboxOf(clientId: string): LogName {
  return `inbox:${clientId}`;
}

/** A channel's log; null: the client's inbox. */
export function logOf(clientId: string, channel: string | null | undefined): LogName {
  return channel === null || channel === undefined ? inboxOf(clientId) : `channel:${channel}`;
}

/** Deals items out in turn, so that each of the `count` hands has some of every kind. */
export function deal<Item>(items: readonly Item[], count: number): Item[][] {
  return Array.from({ length: count }, (_, hand) => items.filter((__, i) => i % count === hand));
}

/** Deals people out so that each of the `count` hands has its part of every kind, and of the members of every channel. */
export function dealPeople(people: readonly Person[], channels: number, count: number): Person[][] {
  const hands = Array.from({ length: count }, (): Person[] => []);
  // The next member of a channel comes after all other channels, and goes to the next hand.
  const skipped = (((1 - channels) % count) + count) % count;
  for (const own of Map.groupBy(people, ({ kind }) => kind).values()) {
    for (const [i, person] of own.entries()) hands[(i + Math.floor(i / channels) * skipped) % count]?.push(person);
  }
  return hands;
}

/** So many of them, by chance. @param random from 0 to below 1 */
export function pick<Item>(items: readonly Item[], share: number, random: () => number): Item[] {
  const left = [...items];
  const count = Math.min(left.length, Math.round(share * left.length));
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}
