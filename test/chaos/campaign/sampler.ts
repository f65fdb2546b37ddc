import { MachineUse } from '../../support/machine-use.ts';
import type { Sample } from '../journal/record.ts';
import type { ProcessControl, System } from '../system/system.ts';

const EVERY_MS = 1_000;

/** Once a second, what the parts of the system are like. */
export interface Sampler {
  /** Resolves when the last look is over. */
  close(): Promise<void>;
}

/**
 * Looks at the system once a second. What does not answer within its second is left out, and not asked again until it has answered.
 *
 * @param nowMs - the clock of the journals
 * @param write - takes each sample to the journal
 */
export function startSampler(system: System, nowMs: () => number, write: (sample: Sample) => void): Sampler {
  const asking = new Map<string, Promise<void>>();
  const tell = (name: string, value: number): void => {
    write(['sample', nowMs(), name, value]);
  };
  const ask = (name: string, look: () => Promise<void>): void => {
    if (asking.has(name)) return;
    const answer = look()
      // While a part is away there is nothing to tell; the gap shows in the chart.
      .catch(() => undefined)
      .finally(() => void asking.delete(name));
    asking.set(name, answer);
  };
  const machine = new MachineUse();
  const look = (): void => {
    const shares = machine.shares();
    machine.mark();
    if (shares !== null) {
      tell('machine.taken', shares.stolen);
      tell('machine.busy', shares.busy);
    }
    for (const process of processesOf(system)) {
      const bytes = process.residentBytes();
      if (bytes !== null) tell(`rss.${process.name}`, bytes);
    }
    for (const [name, question] of questions(system, tell)) ask(name, question);
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await Promise.race([
        Promise.all(asking.values()),
        new Promise((resolve) => setTimeout(resolve, EVERY_MS).unref()),
      ]);
    },
  };
}

function processesOf({ shards, operator }: System): ProcessControl[] {
  return [...shards.ids.map((id) => shards.shard(id)), operator];
}

type Tell = (name: string, value: number) => void;

function questions({ shards, redis }: System, tell: Tell): [string, () => Promise<void>][] {
  return [
    [
      'connections',
      async () => {
        for (const [id, count] of await shards.connections()) if (count !== null) tell(`connections.${id}`, count);
      },
    ],
    [
      'map',
      async () => {
        const map = await shards.map();
        if (map !== null) tell('epoch', map.epoch);
      },
    ],
    [
      'redis',
      async () => {
        tell('redis.commands', await redis.commands());
        tell('redis.keys', await redis.keys());
        tell('redis.bytes', await redis.usedBytes());
      },
    ],
  ];
}
