import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { Suite } from '../suite.ts';
import { listenAs } from '../given.ts';

/** The bus carries what was published to those who are subscribed. */
export const busSuite: Suite = (backend) => {
  describe('the notify bus', () => {
    it('says that a subscription stands', async () => {
      const store = await backend().createStore();
      const heard = await listenAs(store, 0);
      await eventually(() => expect(heard.connects()).toBe(1));
      expect(heard.disconnects()).toBe(0);
    });

    it('brings a canary to its shard only, never within the call', async () => {
      const store = await backend().createStore();
      const [own, other] = await Promise.all([listenAs(store, 0), listenAs(store, 1)]);
      await eventually(() => expect(own.connects()).toBe(1));
      const published = store.notify.publishCanary(0, 'tweet 1');
      expect(own.notifies).toEqual([]);
      await published;
      await eventually(() => expect(own.notifies).toEqual([{ type: 'canary', id: 'tweet 1' }]));
      expect(other.notifies).toEqual([]);
    });

    it('brings hints to everybody who asked for the topic', async () => {
      const store = await backend().createStore();
      const heard: string[] = [];
      const subscriptions = [
        await store.notify.subscribeHint('map', (text) => heard.push(`a ${text}`)),
        await store.notify.subscribeHint('map', (text) => heard.push(`b ${text}`)),
      ];
      await eventually(async () => {
        await store.notify.publishHint('map', '7');
        expect(heard.slice(0, 2).sort()).toEqual(['a 7', 'b 7']);
      });
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    });

    it('brings nothing once a subscription is closed, and leaves the others be', async () => {
      const store = await backend().createStore();
      const [first, second] = await Promise.all([listenAs(store, 0), listenAs(store, 0)]);
      await eventually(() => expect([first.connects(), second.connects()]).toEqual([1, 1]));
      await first.subscription.close();
      await store.notify.publishCanary(0, 'x');
      await eventually(() => expect(second.notifies).toHaveLength(1));
      expect(first.notifies).toEqual([]);
    });
  });
};
