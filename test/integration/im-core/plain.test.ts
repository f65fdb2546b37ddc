import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Pods, startPods, until } from './pods.ts';

describe('a plain WebSocket', () => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods({ logs: { maxCount: 20 } });
  });
  afterEach(() => pods.close());

  it('gets exactly the JSON of each message, and texts raw', async () => {
    await pods.im.send({ from: 'bob', to: 'alice', data: { text: 'waited' } });
    const alice = await pods.plain('alice');
    await until(() => alice.texts.length === 1);
    await pods.im.send({ from: 'bob', to: 'alice', data: 'a "string"' });
    await pods.im.send({ from: 'bob', to: 'alice', data: 'raw "text"', format: 'text' });
    await until(() => alice.texts.length === 3);
    expect(alice.texts).toEqual(['{"text":"waited"}', '"a \\"string\\""', 'raw "text"']);
  });

  it('acknowledges without knowing it: what a pong confirmed does not come again', async () => {
    const alice = await pods.plain('alice');
    await alice.opened;
    const sent = await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    const [receipt] = await all(sent.receipts({ timeoutMs: 15_000, untilDelivered: true }));
    expect(receipt).toMatchObject({ clientId: 'alice', state: 'delivered' });
    alice.ws.terminate();
    const again = await pods.plain('alice');
    await pods.im.send({ from: 'bob', to: 'alice', data: 2 });
    await until(() => again.texts.length > 0);
    expect(again.texts).toEqual(['2']);
  });

  it('gets again what no pong confirmed', async () => {
    const mute = await pods.plain('alice', {}, false);
    await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    await until(() => mute.texts.length === 1 && mute.pings.length > 0);
    mute.ws.terminate();
    const again = await pods.plain('alice');
    await until(() => again.texts.length === 1);
    expect(again.texts).toEqual(['1']);
  });

  it('is pinged behind durable messages once a second at most', async () => {
    const alice = await pods.plain('alice');
    await alice.opened;
    const startedAtMs = performance.now();
    for (let data = 0; performance.now() - startedAtMs < 1_500; data++) {
      await pods.im.send({ from: 'bob', to: 'alice', data });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const marks = () => alice.pings.filter((payload) => payload !== '').length;
    await until(() => marks() > 0);
    expect(marks()).toBeLessThanOrEqual(2 + (performance.now() - startedAtMs) / 1_000);
  });

  it('closes with 4504 for a pong for what was never written', async () => {
    const alice = await pods.plain('alice');
    await alice.opened;
    await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    await until(() => alice.texts.length === 1);
    alice.ws.pong('99');
    expect((await alice.closed).code).toBe(4504);
  });

  it('lives with pongs of others, and closes with 4405 when no pong comes any more', async () => {
    await pods.close();
    pods = await startPods({ limits: { heartbeatMs: 300, heartbeatTimeoutMs: 2_000 } });
    const alice = await pods.plain('alice', {}, false);
    await alice.opened;
    alice.ws.pong('keep-alive');
    alice.ws.pong();
    const closed = await alice.closed;
    expect(closed.code).toBe(4405);
    expect(alice.pings.length).toBeGreaterThan(0);
  });

  it('is ignored without the grant, and closed with 1003 for binary frames', async () => {
    const alice = await pods.plain('alice');
    await alice.opened;
    alice.ws.send('not heard');
    await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    await until(() => alice.texts.length === 1);
    expect(await pods.store.events.backlog('upstream', 'calls')).toBe(0);
    alice.ws.send(Buffer.from([1]));
    expect((await alice.closed).code).toBe(1003);
  });

  it('speaks to the business with the grant, whatever the text, in order', async () => {
    const texts = ['{"type":"dialing"}', 'B|text', ''];
    const alice = await pods.plain('alice', { grants: { upstream: true }, metadata: { ip: '::1' } });
    await alice.opened;
    for (const text of texts) alice.ws.send(text);
    const heard: unknown[] = [];
    for await (const frame of pods.im.upstream.frames({ group: 'calls', signal: AbortSignal.timeout(20_000) })) {
      heard.push(frame.data);
      expect(frame).toMatchObject({ clientId: 'alice', format: 'text', metadata: { ip: '::1' } });
      if (heard.length === texts.length) break;
    }
    expect(heard).toEqual(texts);
  });

  it('says nothing upstream with a token that was spent', async () => {
    const url = await pods.address('alice', { grants: { upstream: true } });
    const { PlainPeer } = await import('./plain-peer.ts');
    const first = new PlainPeer(url);
    await first.opened;
    const second = new PlainPeer(url);
    await second.opened;
    second.ws.send('stolen');
    expect((await second.closed).code).toBe(4402);
    expect(await pods.store.events.backlog('upstream', 'calls')).toBe(0);
    first.ws.terminate();
  });

  it('makes business hear of a gap that it cannot be told', async () => {
    const events = pods.im.presence.events({ gaps: true, signal: AbortSignal.timeout(20_000) });
    const gap = (async () => {
      for await (const event of events) if (event.type === 'gap') return event;
      return null;
    })();
    await pods.im.send({ from: 'bob', to: 'alice', data: 0 });
    const alice = await pods.plain('alice', { device: 'phone' });
    await until(() => alice.texts.length === 1);
    await until(() => alice.pings.length > 0);
    alice.ws.terminate();
    for (let data = 1; data < 30; data++) await pods.im.send({ from: 'bob', to: 'alice', data });
    await pods.plain('alice', { device: 'phone' });
    expect(await gap).toMatchObject({ type: 'gap', clientId: 'alice', channel: null });
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
