import { createHash } from 'node:crypto';
import type { Fleet, Flotilla } from '@flotilla-im/sdk';
import { HttpProblem } from '../http/problem.ts';
import { ChangeLog } from './change-log.ts';
import type { ControlState, FleetAnswer } from './fleet-words.ts';
import { runsOf } from './slot-runs.ts';
import { SteadyRate } from './steady-rate.ts';

/** How often shards are looked at; a new map is seen at once. */
const INTERVAL_MS = 500;
/** However many pages ask, the answer is made anew this often at most. */
const FRESH_MS = 200;

/** The answer that all pages get. */
export interface FleetReading {
  /** A `FleetAnswer`. */
  readonly body: string;
  /** Of its content; changes with it, and is the same in every process that sees the same. */
  readonly etag: string;
}

/** The fleet, watched once for all pages. */
export interface FleetWatch {
  /** @throws {HttpProblem} 503 starting */
  read(): FleetReading;
  close(): Promise<void>;
}

/** What a watch needs. */
export interface FleetWatchDeps {
  /** What the launcher is asked for; null where there is none to ask. */
  readonly control: (() => ControlState | null) | null;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Hears of what ends the watch, and of events that could not be read. */
  readonly onError: (error: unknown) => void;
}

/** Watches the fleet by the SDK's own picture of it, and the ends of connections by presence events, which every process gets. */
export function watchFleet(flotilla: Pick<Flotilla, 'fleet' | 'presence'>, deps: FleetWatchDeps): FleetWatch {
  const { control, wallMs, onError } = deps;
  const ending = new AbortController();
  const log = new ChangeLog();
  const rate = new SteadyRate();
  const seen: { fleet: Fleet | null; reading: FleetReading | null; readAt: number } = {
    fleet: null,
    reading: null,
    readAt: 0,
  };
  const follow = async (): Promise<void> => {
    for await (const fleet of flotilla.fleet.changes({ signal: ending.signal, intervalMs: INTERVAL_MS })) {
      log.observe(fleet);
      rate.observe(fleet);
      seen.fleet = fleet;
    }
  };
  const following = follow().catch(onError);
  const listening = flotilla.presence.on((event) => log.happened(event), {
    perConnection: true,
    onError(error) {
      log.missed();
      onError(error);
    },
  });
  return {
    read() {
      const { fleet, reading, readAt } = seen;
      if (fleet === null) throw new HttpProblem(503, 'starting', 'The fleet was not seen yet.', 1_000);
      const now = wallMs();
      if (reading !== null && Math.abs(now - readAt) < FRESH_MS) return reading;
      const state = control === null ? null : control();
      const answer = answerOf(fleet, { log, rate, now, isLocal: control !== null, control: state });
      seen.readAt = now;
      return (seen.reading = readingOf(answer));
    },
    async close() {
      ending.abort();
      await Promise.all([following, listening.close()]);
    },
  };
}

interface AnswerParts {
  readonly log: ChangeLog;
  readonly rate: SteadyRate;
  readonly now: number;
  readonly isLocal: boolean;
  readonly control: ControlState | null;
}

function answerOf(fleet: Fleet, { log, rate, now, isLocal, control }: AnswerParts): FleetAnswer {
  const shards = fleet.shards.map(({ shard, guests, staying, ...shown }) => {
    const { state, report, connections, slotsOwned, slotsHome } = shown;
    const perSecond = rate.of(shard, now);
    return { shard, state, report, connections, guests: guests - staying, perSecond, slotsOwned, slotsHome };
  });
  const known = shards.flatMap(({ perSecond }) => perSecond ?? []);
  return {
    epoch: fleet.epoch,
    shards,
    connections: fleet.connections,
    perSecond: known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0),
    owners: fleet.slotOwners,
    homes: fleet.slotHomes,
    leaving: runsOf(log.leaving()),
    changes: log.changes(now),
    isLocal,
    control,
  };
}

function readingOf(answer: FleetAnswer): FleetReading {
  const body = JSON.stringify(answer);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
