// A business service of the load that hears who comes and goes. One of them also makes everybody a member of their channel.
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { type Journal, monotonicMs, openJournal } from '../../journal/writer.ts';
import type { BusinessSettings, Mutant } from '../load.ts';
import { mutate, type Mutated } from '../mutants/mutate.ts';
import { serveCommands } from '../programs/serve.ts';
import { Watcher } from './watcher.ts';

/** What a watcher is told at its start. */
export interface WatcherSettings extends BusinessSettings {
  /** Its own name, such as `watcher-0`, and that of its consumer group. */
  readonly watcher: string;
  readonly tellsGaps: boolean;
  readonly mutant: Mutant | null;
}

/** A channel and those who become its members. */
export interface Membership {
  readonly channel: string;
  readonly clientIds: readonly string[];
}

/** Joining is retried for so long. */
const JOIN_MS = 30_000;
/** Clients whose events are handled at a time: each event waits two round trips, and a Redis that is busy takes its time with them. */
const CONCURRENCY = 64;
/** Most that one call takes. */
const PAIRS = 1_000;

const own: { flotilla?: Flotilla; journal?: Journal; mutated?: Mutated; watcher?: Watcher } = {};

const commands = {
  /** Resolves once Redis can be reached. */
  begin: async ({ journals, watcher: name, tellsGaps, mutant, redisUrl, cluster }: WatcherSettings): Promise<void> => {
    const journal = openJournal(journals, name);
    const mutated = mutate(mutant, (record) => journal.write(record));
    const flotilla = await createFlotilla({ redis: redisUrl, cluster, waitForStore: true });
    const watcher = new Watcher(name, tellsGaps, mutated.write);
    Object.assign(own, { flotilla, journal, mutated, watcher });
    follow(flotilla, name, watcher);
  },
  join: async (memberships: readonly Membership[]): Promise<void> => {
    for (const { channel, clientIds } of memberships) {
      for (let i = 0; i < clientIds.length; i += PAIRS) {
        const some = clientIds.slice(i, i + PAIRS);
        await own.flotilla?.channels.join(channel, some, { deadlineMs: JOIN_MS });
        for (const id of some) own.journal?.write(['joined', monotonicMs(), id, `channel:${channel}`]);
      }
    }
  },
  allOffline: (timeoutMs: number) => own.watcher?.allOffline(timeoutMs),
  end: async (): Promise<void> => {
    own.mutated?.flush();
    await own.journal?.close();
  },
};

/** What a watcher can be told. */
export type WatcherCommands = typeof commands;

serveCommands(commands);

/**
 * To the end of the process: an outage of Redis is waited out by the SDK. By a handler, as a business does that hears of a thousand
 * arrivals a second: an iteration waits two round trips for each. A failure of its own ends the process, and so the run.
 */
function follow(flotilla: Flotilla, group: string, watcher: Watcher): void {
  flotilla.presence.on((event) => watcher.handle(event), {
    group,
    concurrency: CONCURRENCY,
    gaps: true,
    losses: true,
    onError(error, { stage }) {
      if (stage !== 'store') failAfter(error);
    },
  });
}

/** Where nobody catches it. */
function failAfter(error: unknown): void {
  queueMicrotask(() => {
    throw new Error('a watcher failed', { cause: error });
  });
}
