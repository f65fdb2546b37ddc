import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PresenceEvent } from '@flotilla-im/sdk';
import { createKeys } from '../../../sdk/store/src/keys.ts';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

describe('a Redis that loses everything while clients are connected', () => {
  let pods: Pods;
  let events: PresenceEvent[];
  beforeEach(async () => {
    pods = await startPods({ count: 2, store: 'redis' });
    events = [];
    const listening = pods.im.presence.on((event) => void events.push(event), { losses: true, gaps: true });
    await listening.ready;
  });
  afterEach(() => pods.close());

  const ofAlice = () => events.flatMap(({ clientId, type }) => (clientId === 'alice' ? [type] : []));

  it('they stay in their channels, hear of gaps, and get what comes', async () => {
    await pods.im.channels.join('news', ['alice', 'bob']);
    const [alice, bob] = [await pods.welcomed('alice'), await pods.welcomed('bob')];
    await pods.im.channels.publish('news', { from: null, data: 1 });
    await until(() => alice.data('news').length === 1 && bob.data('news').length === 1);
    await pods.redis!.command('FLUSHALL');
    await untilAsync(async () => (await pods.im.channels.members('news').all()).length === 2);
    await pods.im.channels.publish('news', { from: null, data: 2 });
    await until(() => alice.data('news').length === 2 && bob.data('news').length === 2);
    for (const peer of [alice, bob]) {
      expect(peer.of('left')).toEqual([]);
      expect(peer.of('gap').map(({ channel }) => channel ?? 'inbox')).toContain('news');
    }
  });

  it('who had got nothing yet hears of a gap all the same, before the first message', async () => {
    const alice = await pods.welcomed('alice');
    const start = alice.of('welcome')[0]?.inbox.position;
    await pods.redis!.command('FLUSHALL');
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => alice.data().length === 1);
    const [told] = alice.frames.filter((frame) => frame.type === 'gap' && frame.channel === undefined);
    expect(alice.frames.indexOf(told!)).toBeLessThan(alice.frames.indexOf(alice.of('message')[0]!));
    const again = await pods.welcomed('alice', {}, { inbox: start });
    expect(again.of('welcome')[0]?.inbox.recovered).toBe(false);
  });

  it('a new client of a log that nobody has written to hears of none', async () => {
    const alice = await pods.welcomed('alice');
    const { inbox } = alice.of('welcome')[0]!;
    expect(inbox).toMatchObject({ recovered: true });
    const again = await pods.welcomed('alice', {}, { inbox: inbox.position });
    expect(again.of('welcome')[0]?.inbox).toEqual(inbox);
  });

  it('who leaves before its shard has noticed is offline, once', async () => {
    const alice = await pods.welcomed('alice');
    await until(() => ofAlice().includes('online'));
    await pods.redis!.command('FLUSHALL');
    alice.ws.close(1000);
    await until(() => ofAlice().includes('offline'));
    expect(await pods.im.presence.online(['alice'])).toEqual([false]);
    expect(ofAlice().filter((type) => type === 'offline')).toHaveLength(1);
  });

  it('a plain client that left before its shard had noticed comes back: business hears what it missed', async () => {
    const alice = await pods.plain('alice');
    await Promise.all([alice.opened, pods.served('alice')]);
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await untilAsync(async () => (await pods.store.presence.cursor('alice')) !== null);
    await pods.redis!.command('FLUSHALL');
    alice.ws.close(1000);
    await until(() => ofAlice().includes('offline') && events.some(({ type }) => type === 'lost'));
    await pods.plain('alice');
    await until(() => ofAlice().includes('gap'));
  });

  it('a plain client goes on in a channel where business was told that it does, should its shard die then', async () => {
    const ofPhone = () => pods.redis!.command('HGET', createKeys('core-test').cursors('alice'), 'h:phone');
    await pods.im.channels.join('news', ['alice']);
    const alice = await pods.plain('alice', { device: 'phone' });
    await Promise.all([alice.opened, pods.served('alice')]);
    await pods.im.channels.publish('news', { from: null, data: 1 });
    await until(() => alice.texts.length === 1);
    await pods.redis!.command('FLUSHALL');
    await until(() => events.some((event) => event.type === 'gap' && event.channel === 'news'));
    // Long before channel cursors are due again.
    await untilAsync(async () => JSON.stringify(await ofPhone()).includes('news'), 5_000);
  });

  it('who is waited for when it happens is offline after its grace', async () => {
    const alice = await pods.welcomed('alice');
    await until(() => ofAlice().includes('online'));
    alice.ws.terminate();
    await pods.served('alice', 0);
    await pods.redis!.command('FLUSHALL');
    await until(() => ofAlice().includes('offline'));
  });

  /** Alice is a member, gets a message, and goes; she comes back with her positions after `meanwhile`, and is joined again. */
  async function backAfter(meanwhile: () => Promise<unknown>) {
    await pods.im.channels.join('news', ['alice']);
    const before = await pods.welcomed('alice');
    await pods.im.channels.publish('news', { from: null, data: 1 });
    await until(() => before.data('news').length === 1);
    before.ws.close(1000);
    await pods.served('alice', 0);
    await meanwhile();
    const { position } = before.of('message')[0]!;
    const alice = await pods.welcomed('alice', {}, { channels: { news: position } });
    expect(alice.of('welcome')[0]?.channels).not.toHaveProperty('news');
    await pods.im.channels.join('news', ['alice']);
    await pods.im.channels.publish('news', { from: null, data: 3 });
    await until(() => alice.data('news').includes(3));
    return alice.frames.flatMap((frame) => {
      if (!('channel' in frame) || frame.channel !== 'news') return [];
      return [frame.type === 'message' ? frame.data : frame.type];
    });
  }

  it('who was away and is made a member again hears of the gap then, before the first message', async () => {
    const heard = await backAfter(async () => {
      await pods.im.channels.publish('news', { from: null, data: 2 });
      await pods.redis!.command('FLUSHALL');
      await until(() => events.some(({ type }) => type === 'lost'));
    });
    expect(heard).toEqual(['joined', 'gap', 3]);
  });

  it('who left while it was away and is joined again hears of none, whatever was said meanwhile', async () => {
    const heard = await backAfter(async () => {
      await pods.im.channels.leave('news', ['alice']);
      await pods.im.channels.publish('news', { from: null, data: 2 });
    });
    expect(heard).toEqual(['joined', 3]);
  });

  it('business is told, so that it can make members of those again who were away', async () => {
    await pods.im.channels.join('news', ['alice']);
    await pods.redis!.command('FLUSHALL');
    await until(() => events.some(({ type }) => type === 'lost'));
    expect(await pods.im.channels.isMember('news', 'alice')).toBe(false);
  });
});
