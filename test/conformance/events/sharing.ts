import { describe, expect, test } from '@jest/globals';
import { PARTITION_COUNT, type PartitionLease } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { inTime } from '../../support/in-time.ts';
import type { Suite } from '../suite.ts';

/** Live consumers share the partitions evenly. */
export const sharingSuite: Suite = (backend) => {
  describe('sharing partitions among consumers', () => {
    async function setup() {
      const { events } = await backend().createStore();
      const held = new Map<string, PartitionLease[]>();
      const lease = async (consumer: string, ttlMs = 60_000) => {
        const now = await events.lease('presence', 'mailer', consumer, ttlMs);
        const given = (held.get(consumer) ?? []).filter(
          (old) => !now.some(({ partition }) => partition === old.partition),
        );
        held.set(consumer, now);
        await events.release(consumer, given);
        return now;
      };
      return { events, lease };
    }

    test('one alone holds all', async () => {
      const { lease } = await setup();
      expect(await lease('one')).toHaveLength(PARTITION_COUNT);
      expect(await lease('one')).toHaveLength(PARTITION_COUNT);
    });

    test('those that come get an even share, and no partition has two holders', async () => {
      const { lease } = await setup();
      await lease('one');
      await lease('two');
      await lease('three');
      const first = await lease('one');
      const second = await lease('two');
      const third = await lease('three');
      expect([first.length, second.length, third.length]).toEqual([86, 86, 84]);
      const partitions = [first, second, third].flat().map(({ partition }) => partition);
      expect(new Set(partitions).size).toBe(PARTITION_COUNT);
    });

    test('what is above the share is kept until it is let go', async () => {
      const { events, lease } = await setup();
      const all = await lease('one');
      await events.lease('presence', 'mailer', 'two', 60_000);
      const share = await events.lease('presence', 'mailer', 'one', 60_000);
      expect(share).toHaveLength(128);
      expect(await events.lease('presence', 'mailer', 'two', 60_000)).toHaveLength(0);
      const above = all.filter(({ partition }) => !share.some((kept) => kept.partition === partition));
      await events.release('one', above);
      expect(await events.lease('presence', 'mailer', 'two', 60_000)).toHaveLength(128);
    });

    test('what a consumer that died held goes to the others', async () => {
      const leaseMs = 2_000;
      const { lease } = await inTime(leaseMs, async () => {
        const { lease } = await setup();
        await lease('one', leaseMs);
        expect((await lease('two')).length).toBeLessThan(PARTITION_COUNT);
        return { lease };
      });
      await eventually(async () => expect(await lease('two')).toHaveLength(PARTITION_COUNT));
    });

    test('one that leaves makes room at once', async () => {
      const { events, lease } = await setup();
      await events.release('one', await lease('one'));
      expect(await lease('two')).toHaveLength(PARTITION_COUNT);
    });
  });
};
