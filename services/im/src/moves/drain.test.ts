import { describe, expect, it } from '@jest/globals';
import { ClientTable } from '../connections/client-table.ts';
import { connectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import { ViewTable } from '../delivery/view-table.ts';
import { drain } from './drain.ts';
import type { Mover } from './mover.ts';

/** A drain of 20 s with one client, which was told to move at these times and stays. Resolves to when it was closed, from the drain's start. */
async function closedAfter(...toldAtMs: number[]): Promise<number> {
  const startedAtMs = 100_000;
  const clock = { ms: startedAtMs };
  const clients = new ClientTable(new ViewTable());
  const { connection, transport } = openConnection(connectionSetup({}, 'v1'));
  clients.add(connection);
  connection.movedTo = 1;
  let closedAtMs = Infinity;
  const queueAll = (): void => {
    connection.movedAtMs = toldAtMs.findLast((ms) => ms <= clock.ms) ?? 0;
  };
  const mover = { isAlone: false, isMapBehind: false, readReports: () => Promise.resolve(), queueAll };
  await drain({
    shard: 0,
    clients,
    mover: mover as unknown as Mover,
    map: () => null,
    drainMs: 20_000,
    nowMs: () => clock.ms,
    sleep: (ms) => {
      if (transport.closedWith !== null) closedAtMs = Math.min(closedAtMs, clock.ms);
      clock.ms += ms;
      return Promise.resolve();
    },
  });
  return closedAtMs - startedAtMs;
}

describe('a drain', () => {
  it('closes who stays 6 s after it was told to move', async () => {
    expect(await closedAfter(102_000)).toBeCloseTo(8_050, -2);
  });

  it('closes it no later where it was told again', async () => {
    expect(await closedAfter(102_000, 104_000, 106_000)).toBeCloseTo(8_050, -2);
  });

  it('does not hold against a client that it stayed where an older map had sent it away', async () => {
    expect(await closedAfter(90_000)).toBeCloseTo(6_050, -2);
  });
});
