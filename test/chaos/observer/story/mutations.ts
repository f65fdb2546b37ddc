import type { Arrived, JournalRecord, PresenceEvent } from '../../journal/record.ts';
import type { Violation } from '../verdict.ts';
import type { Person, Story } from './story.ts';
import { LOST, STRETCHES } from './stretches.ts';

/** Chooses one of so many: from 0 to below `count`. */
export type Pick = (count: number) => number;

/** Something done wrong to a story, anywhere. */
export interface Mutation {
  readonly name: string;
  /** It must be found by one of these. */
  readonly kinds: readonly Violation['kind'][];
  /** The journals after it; null where the story has no place for it. */
  readonly apply: (story: Story, pick: Pick) => Story['programs'] | null;
}

const CLIENTS = 'clients-0';
/** What came so shortly before Redis lost its writes, and nothing after it, may be what it lost. */
const DOUBTFUL_MS = 10_000;
/** A sender may hear so long after the master's death that it was accepted. */
const DOUBTFUL_AFTER_MS = 1_000;

/** All of them. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'drop one message',
    kinds: ['lost'],
    apply: (story, pick) => {
      const accepted = acceptedOf(story);
      const due = (record: Arrived): boolean => {
        const acceptedMs = accepted.get(messageOf(record));
        const isDoubtful =
          acceptedMs === undefined ||
          (acceptedMs > LOST.fromMs - DOUBTFUL_MS && acceptedMs < LOST.toldMs + DOUBTFUL_AFTER_MS);
        return !isDoubtful;
      };
      const arrivals = arrivalsOf(story).filter(due);
      // Of what came again it is enough that it came once.
      const counts = Map.groupBy(arrivals, receivedOf);
      const once = arrivals.filter((record) => counts.get(receivedOf(record))?.length === 1);
      return changed(story, CLIENTS, once, pick, () => []);
    },
  },
  {
    name: 'lose one message of before or after the failover for somebody who was away in it',
    kinds: ['lost'],
    apply: (story, pick) => {
      const accepted = acceptedOf(story);
      const away = story.people.filter(({ life }) => !life.isThereAt(LOST.fromMs));
      const due = away.flatMap(({ clientId, life }) =>
        arrivalsOf(story).filter((record) => {
          const acceptedMs = accepted.get(messageOf(record));
          if (record[2] !== clientId || acceptedMs === undefined || life.isThereAt(acceptedMs)) return false;
          const isBefore = acceptedMs > LOST.fromMs - DOUBTFUL_MS && acceptedMs < LOST.fromMs;
          return isBefore || (acceptedMs > LOST.toMs + DOUBTFUL_AFTER_MS && acceptedMs < STRETCHES.calmAgain);
        }),
      );
      return changed(story, CLIENTS, due, pick, () => []);
    },
  },
  {
    name: 'repeat one message',
    kinds: ['duplicated'],
    apply: (story, pick) => changed(story, CLIENTS, arrivalsOf(story), pick, (record) => [record, record]),
  },
  {
    name: 'swap two messages',
    kinds: ['reordered', 'duplicated', 'phantom'],
    apply: (story, pick) => {
      const accepted = acceptedOf(story);
      const arrivals = arrivalsOf(story).filter((record) => accepted.has(messageOf(record)));
      const pairs = arrivals.flatMap((record) => {
        const next = arrivals.find((other) => isNext(record, other));
        return next === undefined || next[3] !== record[3] ? [] : [[record, next] as const];
      });
      const pair = pairs[pick(pairs.length)];
      if (pair === undefined) return null;
      const [first, second] = pair;
      const firstLater: Arrived = [first[0], second[1], first[2], first[3], first[4], first[5], first[6]];
      return replaced(story, CLIENTS, (record) => {
        if (record === first) return [];
        return record === second ? [second, firstLater] : [record];
      });
    },
  },
  {
    name: 'forge one message',
    kinds: ['phantom'],
    apply: (story, pick) =>
      changed(story, CLIENTS, arrivalsOf(story), pick, (record) => {
        const [what, tMs, clientId, connection, life, log, n] = record as Arrived;
        return [record, [what, tMs, clientId, connection, life, log, n + 1_000_000]];
      }),
  },
  {
    name: 'give one message to somebody else',
    kinds: ['phantom'],
    apply: (story, pick) => {
      const own = arrivalsOf(story).filter(([, , clientId, , , log]) => log === `inbox:${clientId}`);
      return changed(story, CLIENTS, own, pick, (record) => {
        const [what, tMs, clientId, connection, life, log, n] = record as Arrived;
        const other = story.people.find((person) => person.clientId !== clientId)?.clientId ?? '';
        return [record, [what, tMs, other, connection, life, log, n]];
      });
    },
  },
  {
    name: 'forget one offline',
    kinds: ['missing-presence', 'double-presence'],
    apply: (story, pick) => {
      const watcher = watchersOf(story)[pick(2)] ?? '';
      const events = presenceOf(story, watcher).filter((record) => record[4] === 'offline');
      return changed(story, watcher, events, pick, () => []);
    },
  },
  {
    name: 'forget one online',
    kinds: ['missing-presence', 'double-presence'],
    apply: (story, pick) => {
      const watcher = watchersOf(story)[pick(2)] ?? '';
      const events = presenceOf(story, watcher).filter((record) => record[4] === 'online');
      return changed(story, watcher, events, pick, () => []);
    },
  },
  {
    name: 'invent one offline',
    kinds: ['ghost', 'double-presence', 'missing-presence'],
    apply: (story, pick) => {
      const watcher = watchersOf(story)[pick(2)] ?? '';
      const person = story.people[pick(story.people.length)];
      const times = person === undefined ? [] : calmTimes(person);
      const tMs = times[pick(times.length)];
      if (person === undefined || tMs === undefined) return null;
      const invented: PresenceEvent = ['presence', tMs, watcher, person.clientId, 'offline', ''];
      return replaced(story, watcher, (record) => [record], invented);
    },
  },
  {
    name: 'tell a false gap',
    kinds: ['told-lost'],
    apply: (story, pick) => {
      // Who was not told in the failover may be told once after it.
      const told = new Set(recordsOf(story, CLIENTS).flatMap((record) => (record[0] === 'gap' ? [record[2]] : [])));
      const isCertain = ([, tMs, clientId]: Arrived): boolean =>
        tMs < STRETCHES.failover || (tMs > STRETCHES.calmAgain && told.has(clientId));
      const arrivals = arrivalsOf(story).filter(isCertain);
      return changed(story, CLIENTS, arrivals, pick, (record) => {
        const [, tMs, clientId, , , log] = record as Arrived;
        return [record, ['gap', tMs, clientId, log]];
      });
    },
  },
  {
    name: 'forget a gap',
    kinds: ['lost'],
    apply: (story, pick) => {
      const gaps = recordsOf(story, CLIENTS).filter(([what]) => what === 'gap');
      return changed(story, CLIENTS, gaps, pick, () => []);
    },
  },
  {
    name: 'close one connection',
    kinds: ['closed-unmoved'],
    apply: (story, pick) => {
      // Others may come to another shard next, and so have had a reason.
      const isExact = (record: JournalRecord): boolean => record[0] === 'served' && record[3] === 'v1';
      const served = recordsOf(story, CLIENTS).filter((record) => isExact(record) && record[1] < STRETCHES.moves);
      return changed(story, CLIENTS, served, pick, (record) => {
        if (record[0] !== 'served') return [record];
        const [what, tMs, clientId, kind, connection, shard] = record;
        const extra = 1_000 + connection;
        return [
          record,
          [what, tMs, clientId, kind, extra, shard, tMs],
          ['closed', tMs + 1, clientId, extra, shard, 1006],
        ];
      });
    },
  },
];

/** While it is connected, well after it came, not near an absence, and not where a fault excuses it. */
function calmTimes({ life }: Person): number[] {
  const isCalm = (tMs: number): boolean => {
    const isExcused = tMs >= STRETCHES.freeze - 1_000 && tMs < STRETCHES.crash + 6_000;
    const isFailover = tMs >= STRETCHES.failover - 1_000 && tMs < STRETCHES.calmAgain + 6_000;
    const isNear = life.heard.some(([, heardMs]) => Math.abs(heardMs - tMs) < 6_000);
    const isThere = life.connections.some(({ servedMs, closedMs }) => tMs > servedMs && tMs < closedMs);
    return !isExcused && !isFailover && !isNear && isThere;
  };
  return Array.from({ length: 200 }, (_, i) => 1_000 * (i + 1)).filter(isCalm);
}

/** When each message was accepted whose sender was told. */
function acceptedOf(story: Story): Map<string, number> {
  const accepted = new Map<string, number>();
  for (const record of [...story.programs.values()].flat()) {
    if (record[0] === 'accepted') accepted.set(`${record[2]} ${record[3]} ${record[4]}`, record[1]);
  }
  return accepted;
}

function messageOf([, , , , life, log, n]: Arrived): string {
  return `${life} ${log} ${n}`;
}

function receivedOf(record: Arrived): string {
  return `${record[2]} ${messageOf(record)}`;
}

function isNext(record: Arrived, other: Arrived): boolean {
  return other[2] === record[2] && other[5] === record[5] && other[1] > record[1];
}

function watchersOf({ programs }: Story): string[] {
  return [...programs.keys()].filter((name) => name.startsWith('watcher-'));
}

function recordsOf({ programs }: Story, program: string): readonly JournalRecord[] {
  return programs.get(program) ?? [];
}

function arrivalsOf(story: Story): Arrived[] {
  return recordsOf(story, CLIENTS).filter((record) => record[0] === 'arrived');
}

function presenceOf(story: Story, watcher: string): PresenceEvent[] {
  return recordsOf(story, watcher).filter((record) => record[0] === 'presence');
}

/** One of some records becomes others. */
function changed(
  story: Story,
  program: string,
  candidates: readonly JournalRecord[],
  pick: Pick,
  become: (record: JournalRecord) => readonly JournalRecord[],
): Story['programs'] | null {
  const chosen = candidates[pick(candidates.length)];
  if (chosen === undefined) return null;
  return replaced(story, program, (record) => (record === chosen ? become(record) : [record]));
}

function replaced(
  story: Story,
  program: string,
  become: (record: JournalRecord) => readonly JournalRecord[],
  ...more: JournalRecord[]
): Story['programs'] {
  const records = [...recordsOf(story, program).flatMap(become), ...more].toSorted((a, b) => a[1] - b[1]);
  return new Map(story.programs).set(program, records);
}
