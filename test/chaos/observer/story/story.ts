import type { ClientKind, JournalRecord, LogName } from '../../journal/record.ts';
import { type Life, lifeOf } from './life.ts';
import { type Sent, sendAll } from './sending.ts';
import { LOST, STRETCHES } from './stretches.ts';

/** A client of a story, and how it spends its time. */
export interface Person {
  readonly clientId: string;
  readonly kind: ClientKind;
  readonly logs: readonly LogName[];
  readonly life: Life;
}

/** A run in which everything is as it must be. */
export interface Story {
  readonly people: readonly Person[];
  /** What each program wrote, by its name, in order. */
  readonly programs: ReadonlyMap<string, readonly JournalRecord[]>;
}

const WATCHERS = ['watcher-0', 'watcher-1'];
const KINDS: readonly ClientKind[] = ['v1', 'plain', 'socketIo'];
const CHANNEL = 'channel:news';

/**
 * Makes up a run by chance: clients of all kinds that are moved, leave, are stopped and lose their connections; senders
 * that are killed and taken over; Redis that loses what it accepted.
 *
 * @param chance - from 0 to below 1, again and again
 */
export function makeStory(clients: number, chance: () => number): Story {
  const people = Array.from({ length: clients }, (_, i): Person => {
    const clientId = `client-${i}`;
    const kind = KINDS[i % KINDS.length] ?? 'v1';
    return { clientId, kind, logs: [`inbox:${clientId}`, CHANNEL], life: lifeOf(kind, chance) };
  });
  const logs: LogName[] = [CHANNEL, ...people.map(({ clientId }) => `inbox:${clientId}` as const)];
  const sending = sendAll(logs, chance);
  const programs = new Map<string, readonly JournalRecord[]>([
    ['campaign', campaign()],
    ...sending.programs,
    ['clients-0', people.flatMap((person) => journalOf(person, sending.messages, chance))],
    ...WATCHERS.map((watcher) => [watcher, people.flatMap((person) => heardOf(person, watcher, chance))] as const),
  ]);
  return { people, programs };
}

function campaign(): JournalRecord[] {
  const { calm, moves, leaving, freeze, crash, failover, calmAgain } = STRETCHES;
  return [
    ['phase', calm, 0, 'calm', []],
    ['phase', moves, 1, 'moves', []],
    ['phase', leaving, 2, 'leaving', []],
    ['phase', freeze, 3, 'freeze', ['clients-offline']],
    ['phase', crash, 4, 'crash', ['gap-of-delivery', 'connections-close']],
    ['phase', failover, 5, 'failover', ['redis-lost-writes', 'master-dies', 'gap-of-delivery']],
    ['fault', LOST.fromMs, 1, 'failover', 'begin', ''],
    ['sample', LOST.fromMs, 'master.alone', 1],
    ['sample', LOST.toMs, 'master.alone', 0],
    ['fault', LOST.toMs, 1, 'failover', 'end', ''],
    ['phase', calmAgain, 6, 'calm again', []],
  ];
}

function heardOf({ clientId, life }: Person, watcher: string, chance: () => number): JournalRecord[] {
  return life.heard.map(([type, tMs]) => ['presence', tMs + chance(), watcher, clientId, type, '']);
}

/** All that one client wrote, in order. */
function journalOf(person: Person, messages: readonly Sent[], chance: () => number): JournalRecord[] {
  const { clientId, kind, logs, life } = person;
  const records: JournalRecord[] = [['joined', 400, clientId, CHANNEL]];
  for (const [tMs, what] of life.presents) records.push(['present', tMs, clientId, what]);
  for (const { connection, shard, servedMs, closedMs } of life.connections) {
    records.push(['served', servedMs, clientId, kind, connection, shard, servedMs - 5]);
    records.push(['closed', closedMs, clientId, connection, shard, 1006]);
  }
  for (const log of logs) {
    // Who was away and had been given nothing of it cannot be told.
    if (life.isThereAt(LOST.fromMs)) records.push(['gap', LOST.toldMs + chance(), clientId, log]);
    records.push(
      ...arrivalsOf(
        person,
        messages.filter((message) => message.log === log),
        chance,
      ),
    );
  }
  return records.toSorted((a, b) => a[1] - b[1]);
}

/** What reached it of one log: in order, once it can be reached. New connections of bare clients begin with some of what came. */
function arrivalsOf(
  { clientId, kind, life }: Person,
  messages: readonly Sent[],
  chance: () => number,
): JournalRecord[] {
  const records: JournalRecord[] = [];
  const brought: Sent[] = [];
  let [lastMs, lastConnection] = [0, 1];
  for (const message of messages) {
    const { acceptedMs, stored, log, n } = message;
    if (!stored || isLost(message)) continue;
    const reachable = life.reachableAt(Math.max(acceptedMs + 1 + 5 * chance(), lastMs + 0.01));
    if (reachable === null) continue;
    const connection = kind === 'v1' ? 0 : reachable.connection;
    lastMs = reachable.tMs;
    if (kind !== 'v1' && connection !== lastConnection) {
      for (const again of brought.slice(brought.length - Math.floor(3 * chance()))) {
        records.push(['arrived', lastMs, clientId, connection, again.life, log, again.n]);
        lastMs += 0.01;
      }
    }
    lastConnection = connection;
    records.push(['arrived', lastMs, clientId, connection, message.life, log, n]);
    brought.push(message);
  }
  return records;
}

function isLost({ acceptedMs }: Sent): boolean {
  return acceptedMs >= LOST.fromMs && acceptedMs < LOST.toMs;
}
