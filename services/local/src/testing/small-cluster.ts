import { createMemoryAuthority, createMemoryFleet, startOperator } from '@flotilla-im/operator';
import { createLeaseObserver, createMemoryStore } from '@flotilla-im/store';
import { pino } from 'pino';
import { type MapWatch, watchMap } from '../cluster/map-watch.ts';
import { type FleetEvent, FleetKeeper } from '../fleet/fleet-keeper.ts';
import type { VerbDeps } from '../verbs/verb.ts';
import { createFakeShards, type FakeShards } from './fake-shards.ts';

/** The real operator and the real keeper over shards that only live, all in memory. */
export interface SmallCluster {
  readonly keeper: FleetKeeper;
  readonly map: MapWatch;
  readonly shards: FakeShards;
  readonly events: FleetEvent[];
  /** What the verbs said. */
  readonly said: string[];
  readonly verbs: VerbDeps;
  close(): Promise<void>;
}

/** Starts it and waits until the map has all its shards. */
export async function startSmallCluster(count: number): Promise<SmallCluster> {
  const store = createMemoryStore({ cluster: 'small' });
  const fleet = createMemoryFleet();
  const shards = createFakeShards(store);
  const events: FleetEvent[] = [];
  const said: string[] = [];
  const nowMs = (): number => performance.now();
  const keeper = new FleetKeeper({
    host: shards,
    portOf: (id) => Promise.resolve(9100 + id),
    publish: (next) => {
      fleet.set(next);
      return Promise.resolve();
    },
    onEvent: (event) => events.push(event),
    nowMs,
  });
  const parts = { fleet, authority: createMemoryAuthority(), store, leaseObserver: createLeaseObserver() };
  const operator = await startOperator({ intervalMs: 20 }, { ...parts, logger: pino({ level: 'silent' }) });
  const map = watchMap(store, { changed: () => {}, health: () => {} });
  await keeper.setDesired(count);
  await map.until(({ shards: listed }) => listed.length === count, 4_000);
  const say = (line: string): void => void said.push(line);
  return {
    keeper,
    map,
    shards,
    events,
    said,
    verbs: {
      keeper,
      map,
      say,
      isOneProcess: false,
      drainMs: 1_000,
      mapMs: 15_000,
      nowMs,
      logOf: (name) => `logs/${name}.log`,
    },
    async close() {
      await operator.close();
      await map.close();
      await keeper.close(1_000);
    },
  };
}
