import { describe, expect, it } from '@jest/globals';
import type { ShardMap } from '@flotilla-im/protocol';
import { eventually } from '../../support/eventually.ts';
import type { Suite } from '../suite.ts';

/** A map of one shard, at an epoch. */
export function mapOf(epoch: number, url = 'ws://localhost:1/s/0'): ShardMap {
  return {
    schema: 1,
    compatible: 1,
    epoch,
    shards: [{ id: 0, url, state: 'up' }],
    home: [0, 4096],
    owner: [0, 4096],
  };
}

/** The mirrored map never goes back. */
export const mapSuite: Suite = (backend) => {
  describe('the map', () => {
    it('is null before the first one, then the one that was published', async () => {
      const { map } = await backend().createStore();
      expect(await map.read()).toBeNull();
      expect(await map.publish(mapOf(7))).toBe('published');
      expect(await map.read()).toEqual(mapOf(7));
    });

    it('refuses an older epoch', async () => {
      const { map } = await backend().createStore();
      await map.publish(mapOf(7));
      expect(await map.publish(mapOf(6))).toBe('stale');
      expect(await map.read()).toEqual(mapOf(7));
      expect(await map.publish(mapOf(8))).toBe('published');
    });

    it('takes the same map again, but no other one of the same epoch', async () => {
      const { map } = await backend().createStore();
      await map.publish(mapOf(7));
      expect(await map.publish(mapOf(7))).toBe('published');
      expect(await map.publish(mapOf(7, 'ws://localhost:2/s/0'))).toBe('stale');
    });

    it('is announced when it is news', async () => {
      const { map, notify } = await backend().createStore();
      const heard: string[] = [];
      const subscription = await notify.subscribeHint('map', (text) => heard.push(text));
      await eventually(async () => {
        await notify.publishHint('map', 'ready');
        expect(heard).toContain('ready');
      });
      for (const epoch of [7, 7, 6, 8]) await map.publish(mapOf(epoch));
      await eventually(() => expect(heard).toContain('8'));
      expect(heard.filter((text) => text !== 'ready')).toEqual(['7', '8']);
      await subscription.close();
    });
  });
};
