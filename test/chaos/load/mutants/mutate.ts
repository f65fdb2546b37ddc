import type { Arrived, JournalRecord, PresenceEvent } from '../../journal/record.ts';
import type { Mutant } from '../load.ts';
import { kindOf } from '../people.ts';

/** Takes a record on its way into a journal. */
export type Write = (record: JournalRecord) => void;

/** A journal with something wrong in front of it. */
export interface Mutated {
  readonly write: Write;
  /** Writes what is held back. */
  readonly flush: () => void;
}

/** One of so many arrivals of `flotilla.v1` clients is done wrong; the first of them early, so that short runs have one. */
const EVERY = 400;
const FIRST = 50;
/** One of so many events of presence, of the kind concerned, this often. */
const EVERY_EVENT = 3;
const MOST_EVENTS = 3;
/** A forged message has a number that no sender comes to. */
const FORGED = 1_000_000;
/** What is swapped, or invented, follows so soon, in milliseconds. */
const SOON_MS = 0.01;

/** Puts the planted fault, if there is one, between what happened and the journal. */
export function mutate(mutant: Mutant | null, write: Write): Mutated {
  return mutant === null ? { write, flush: () => undefined } : MUTANTS[mutant](write);
}

const MUTANTS: Readonly<Record<Mutant, (write: Write) => Mutated>> = Object.freeze({
  drop: (write) => someArrivals(write, () => undefined),
  repeat: (write) =>
    someArrivals(write, (arrived) => {
      write(arrived);
      write(arrived);
    }),
  forge: (write) =>
    someArrivals(write, (arrived) => {
      write(arrived);
      const [what, tMs, clientId, connection, life, log, n] = arrived;
      write([what, tMs, clientId, connection, life, log, n + FORGED]);
    }),
  'false-gap': (write) =>
    someArrivals(write, (arrived) => {
      write(arrived);
      const [, tMs, clientId, , , log] = arrived;
      write(['gap', tMs, clientId, log]);
    }),
  swap: swapSome,
  // All of them: most who are told lost nothing, so nobody could miss theirs.
  'forget-gap': (write) => withoutAny(write, 'gap'),
  'forget-loss': (write) => withoutAny(write, 'loss'),
  'forget-offline': (write) => someEvents(write, 'offline', () => undefined),
  'invent-offline': (write) =>
    someEvents(write, 'online', (event) => {
      write(event);
      const [what, tMs, watcher, clientId] = event;
      write([what, tMs + SOON_MS, watcher, clientId, 'offline', 'connection lost']);
    }),
});

function withoutAny(write: Write, what: JournalRecord[0]): Mutated {
  const pass: Write = (record) => {
    if (record[0] !== what) write(record);
  };
  return { write: pass, flush: () => undefined };
}

/** Only clients that are promised every message exactly once: others may be brought something again. */
function someArrivals(write: Write, wrong: (arrived: Arrived) => void): Mutated {
  let count = 0;
  const isDue = (record: JournalRecord): record is Arrived => {
    if (record[0] !== 'arrived' || kindOf(record[2]) !== 'v1') return false;
    count += 1;
    return count % EVERY === FIRST;
  };
  return { write: (record) => (isDue(record) ? wrong(record) : write(record)), flush: () => undefined };
}

function someEvents(write: Write, type: 'online' | 'offline', wrong: (event: PresenceEvent) => void): Mutated {
  let count = 0;
  const isDue = (record: JournalRecord): record is PresenceEvent => {
    if (record[0] !== 'presence' || record[4] !== type) return false;
    count += 1;
    return count % EVERY_EVENT === 0 && count <= EVERY_EVENT * MOST_EVENTS;
  };
  return { write: (record) => (isDue(record) ? wrong(record) : write(record)), flush: () => undefined };
}

/** Holds an arrival back until the next one of its log has come. */
function swapSome(write: Write): Mutated {
  let held: Arrived | null = null;
  const flush = (): void => {
    if (held) write(held);
    held = null;
  };
  const pass: Write = (record) => {
    const earlier = held;
    const isNext = record[0] === 'arrived' && earlier?.[2] === record[2] && earlier[5] === record[5];
    write(record);
    if (!isNext) return;
    const [what, , clientId, connection, life, log, n] = earlier;
    write([what, record[1] + SOON_MS, clientId, connection, life, log, n]);
    held = null;
  };
  const some = someArrivals(pass, (arrived) => {
    flush();
    held = arrived;
  });
  return { write: some.write, flush };
}
