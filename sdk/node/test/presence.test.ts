import { describe, expect, test } from '@jest/globals';
import { PARTITION_COUNT } from '@flotilla-im/store';
import type { PresenceEvent } from '../src/index.ts';
import { eventually, settled, setup, take } from './setup.ts';

const said = ({ type, clientId }: PresenceEvent): string => `${clientId} ${type}`;

describe('who is online', () => {
  test('is told in the order asked, doubles and unknown ids included', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    expect(await im.presence.online(['bob', 'alice', 'nobody', 'alice'])).toEqual([false, true, false, true]);
    expect(await im.presence.online([])).toEqual([]);
  });

  test('is listed by pages or at once', async () => {
    const { im, shard } = await setup();
    const ids = Array.from({ length: 700 }, (_, i) => `client-${i}`);
    for (const clientId of ids) await shard.connect(clientId);
    expect((await im.presence.list().all()).sort()).toEqual(ids.toSorted());
    const pages: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await im.presence.list().page(cursor);
      pages.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    expect(new Set(pages).size).toBe(700);
  });

  test('is a client with two connections until the last one ends', async () => {
    const { im, shard } = await setup();
    const phone = await shard.connect('alice', { device: 'phone' });
    const page = await shard.connect('alice');
    expect(await im.presence.connections('alice')).toHaveLength(2);
    await shard.disconnect('alice', phone);
    expect(await im.presence.online(['alice'])).toEqual([true]);
    await shard.disconnect('alice', page);
    expect(await im.presence.online(['alice'])).toEqual([false]);
    expect(await im.presence.connections('alice')).toEqual([]);
  });
});

describe('presence events without a group', () => {
  test('come to every process, for first and last connections, with the metadata', async () => {
    const { im, store, shard } = await setup();
    const other = (await setup({ store })).im;
    const seen = [im, other].map((each) => take(each.presence.events(), 2));
    await settled();
    const first = await shard.connect('alice', { metadata: { ip: '::1' } });
    const second = await shard.connect('alice');
    await shard.disconnect('alice', first);
    await shard.disconnect('alice', second);
    for (const events of await Promise.all(seen)) {
      expect(events.map(said)).toEqual(['alice online', 'alice offline']);
      expect(events[0]).toMatchObject({ metadata: { ip: '::1' }, shard: 0, attempt: 1 });
    }
  });

  test('of a Redis that lost everything come to who wants them', async () => {
    const { im, store, shard } = await setup();
    const seen = take(im.presence.events({ losses: true }), 1);
    const others = take(im.presence.events(), 1);
    await settled();
    await store.events.append('presence', { type: 'lost', clientId: '', at: 17 });
    await shard.connect('alice');
    expect(await seen).toEqual([{ type: 'lost', clientId: '', at: 17, attempt: 1 }]);
    expect((await others).map(said)).toEqual(['alice online']);
  });

  test('begin when they are asked for, not at the first next', async () => {
    const { im, shard } = await setup();
    await shard.connect('before');
    const events = im.presence.events();
    await settled();
    await shard.connect('alice');
    expect((await take(events, 1)).map(said)).toEqual(['alice online']);
  });

  test('come for each connection when asked for', async () => {
    const { im, shard } = await setup();
    const events = im.presence.events({ perConnection: true });
    await settled();
    await shard.connect('alice');
    await shard.disconnect('alice', await shard.connect('alice'));
    const seen = await take(events, 4);
    expect(seen.map(({ type }) => type).sort()).toEqual(['connected', 'connected', 'disconnected', 'online']);
  });

  test('end without an exception when the signal aborts or the instance closes', async () => {
    const { im, store } = await setup();
    const controller = new AbortController();
    const byAbort = take(im.presence.events({ signal: controller.signal }), 1);
    controller.abort();
    expect(await byAbort).toEqual([]);
    const other = (await setup({ store })).im;
    const byClose = take(other.presence.events(), 1);
    await other.close();
    expect(await byClose).toEqual([]);
  });
});

describe('presence events of a group', () => {
  test('go to one process of the group each', async () => {
    const { im, store, shard } = await setup();
    const other = (await setup({ store })).im;
    const seen: string[] = [];
    const listening = [im, other].map((each) =>
      each.presence.on((event) => void seen.push(said(event)), { group: 'mailer' }),
    );
    const ids = Array.from({ length: 40 }, (_, i) => `client-${i}`);
    for (const clientId of ids) await shard.connect(clientId);
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(40));
    await Promise.all(listening.map((each) => each.close()));
    expect(seen.sort()).toEqual(ids.map((id) => `${id} online`).sort());
  });

  test('wait for a process that was away', async () => {
    const { im, store, shard } = await setup();
    await take(im.presence.events({ group: 'mailer', signal: AbortSignal.timeout(50) }), 1);
    await shard.connect('alice');
    const later = (await setup({ store })).im;
    expect((await take(later.presence.events({ group: 'mailer' }), 1)).map(said)).toEqual(['alice online']);
  });

  test('are confirmed when the next one is asked for: one that ended the loop comes again', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const [first] = await take(im.presence.events({ group: 'mailer' }), 1);
    expect(first).toMatchObject({ clientId: 'alice', attempt: 1 });
    const again: PresenceEvent[] = [];
    const controller = new AbortController();
    for await (const event of im.presence.events({ group: 'mailer', signal: controller.signal })) {
      again.push(event);
      controller.abort();
    }
    expect(again).toMatchObject([{ clientId: 'alice', attempt: 2 }]);
    const third = im.presence.events({ group: 'mailer', signal: AbortSignal.timeout(100) });
    expect(await take(third, 1)).toEqual([]);
  });

  test('are taken over at once when the process that held them closes in order', async () => {
    const { im, store, shard } = await setup();
    const waiting = take(im.presence.events({ group: 'mailer' }), 1);
    await settled();
    await im.close();
    expect(await waiting).toEqual([]);
    // All are given back; nobody has to wait for leases to lapse.
    const leases = await store.events.lease('presence', 'mailer', 'probe', 60_000);
    expect(leases).toHaveLength(PARTITION_COUNT);
    await store.events.release('probe', leases);
    await shard.connect('alice');
    const other = (await setup({ store })).im;
    expect((await take(other.presence.events({ group: 'mailer' }), 1)).map(said)).toEqual(['alice online']);
  });

  test('that end the loop each time go to the dead letters', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    for (let i = 0; i < 2; i += 1) await take(im.presence.events({ group: 'mailer', maxAttempts: 2 }), 1);
    const controller = new AbortController();
    const third = take(im.presence.events({ group: 'mailer', maxAttempts: 2, signal: controller.signal }), 1);
    await eventually(async () => {
      const letters = await im.presence.deadLetters('mailer');
      expect(letters).toMatchObject([{ event: { clientId: 'alice', type: 'online' } }]);
    });
    controller.abort();
    expect(await third).toEqual([]);
  });
});

describe('a presence handler', () => {
  test('that throws is tried again in place, then the event goes to the dead letters', async () => {
    const { im, shard } = await setup();
    const attempts: number[] = [];
    const stages: string[] = [];
    im.presence.on(
      ({ attempt }) => {
        attempts.push(attempt);
        throw new Error('no mail today');
      },
      { group: 'mailer', maxAttempts: 3, onError: (_, { stage }) => void stages.push(stage) },
    );
    await shard.connect('alice');
    await eventually(async () => {
      expect(await im.presence.deadLetters('mailer')).toMatchObject([
        { event: { clientId: 'alice' }, error: 'Error: no mail today' },
      ]);
    });
    expect(attempts).toEqual([1, 2, 3]);
    expect(stages).toEqual(['handler', 'handler', 'dead_letter']);
  });

  test('that fails for one client goes on for the others', async () => {
    const { im, shard } = await setup();
    const seen: string[] = [];
    im.presence.on(
      (event) => {
        if (event.clientId === 'alice') throw new Error('not her');
        seen.push(said(event));
      },
      { group: 'mailer', maxAttempts: 1_000 },
    );
    await shard.connect('alice');
    for (const clientId of ['bob', 'carol', 'dave']) await shard.connect(clientId);
    await eventually(() => expect(seen.sort()).toEqual(['bob online', 'carol online', 'dave online']));
  });

  test('without a group that throws harms nothing either', async () => {
    const { im, shard } = await setup();
    const seen: string[] = [];
    const listening = im.presence.on(
      (event) => {
        seen.push(said(event));
        if (event.clientId === 'alice') throw new Error('not her');
      },
      {
        maxAttempts: 2,
        onError: () => {
          throw new Error('nor here');
        },
      },
    );
    await listening.ready;
    await shard.connect('alice');
    await shard.connect('bob');
    await eventually(() => expect(seen.sort()).toEqual(['alice online', 'alice online', 'bob online']));
  });

  test('hears nothing more once it is closed', async () => {
    const { im, shard } = await setup();
    const seen: string[] = [];
    const listening = im.presence.on((event) => void seen.push(said(event)), { group: 'mailer' });
    await shard.connect('alice');
    await eventually(() => expect(seen).toHaveLength(1));
    await listening.close();
    await shard.connect('bob');
    await settled();
    expect(seen).toEqual(['alice online']);
  });
});
