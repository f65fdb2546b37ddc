import { describe, expect, it } from '@jest/globals';
import type { ShardReport } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import type { Suite } from '../suite.ts';

const report: ShardReport = {
  state: 'up',
  connections: 3,
  guests: 1,
  delivered: 57,
  epoch: 7,
  pace: 2_000,
  version: '0.1.0 rc',
  schema: 1,
};

/** A lease is a counter that grows while its pod lives. */
export const leaseSuite: Suite = (backend) => {
  describe('leases', () => {
    it('hold what each incarnation reports, and count its heartbeats', async () => {
      const { leases } = await backend().createStore();
      expect(await leases.list()).toEqual([]);
      await leases.register(1, 'b', { ...report, state: 'starting' });
      await leases.register(0, 'a', report);
      expect(await leases.heartbeat(1, 'b', { ...report, connections: 4 })).toBe('ok');
      expect(await leases.list()).toEqual([
        { ...report, shard: 0, incarnation: 'a', counter: 1 },
        { ...report, connections: 4, shard: 1, incarnation: 'b', counter: 2 },
      ]);
    });

    it('are gone after release, and a heartbeat does not bring them back', async () => {
      const { leases } = await backend().createStore();
      await leases.register(0, 'a', report);
      await leases.release('a');
      expect(await leases.heartbeat(0, 'a', report)).toBe('gone');
      expect(await leases.list()).toEqual([]);
    });
  });

  describe('the right to sweep', () => {
    it('is one holder’s until its time is over', async () => {
      const { leases } = await backend().createStore();
      expect(await leases.holdSweep('a', 10_000)).toBe(true);
      expect(await leases.holdSweep('b', 10_000)).toBe(false);
      expect(await leases.holdSweep('a', 40)).toBe(true);
      await eventually(async () => expect(await leases.holdSweep('b', 10_000)).toBe(true));
      expect(await leases.holdSweep('a', 10_000)).toBe(false);
    });
  });
};
