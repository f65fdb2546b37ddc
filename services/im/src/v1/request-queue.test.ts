import { describe, expect, it } from '@jest/globals';
import { connectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import type { TransportKind } from '../connections/transport.ts';
import { RequestQueue } from './request-queue.ts';

function setup(kind: TransportKind = 'v1') {
  const { connection, transport, clock } = openConnection(connectionSetup({}, kind));
  let asked = 0;
  if (kind === 'v1') Object.assign(transport, { ask: () => void (asked += 1) });
  const queue = new RequestQueue(() => clock.ms);
  const done: string[] = [];
  const settle = new Map<string, (isDone: boolean) => void>();
  const add = (name: string): void =>
    queue.add(connection, () => {
      done.push(name);
      return new Promise((resolve) => settle.set(name, resolve));
    });
  /** Settles a request that has begun, and lets the next one begin. */
  const end = async (name: string, isDone: boolean): Promise<void> => {
    settle.get(name)?.(isDone);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const tick = (): Promise<void> => end('', true);
  return { connection, transport, clock, queue, done, add, end, tick, asked: () => asked };
}

describe('the requests of a connection', () => {
  it('are done one after another', async () => {
    const set = setup();
    for (const name of ['a', 'b']) set.add(name);
    expect(set.done).toEqual(['a']);
    await set.end('a', true);
    expect(set.done).toEqual(['a', 'b']);
    expect(set.asked()).toBe(0);
  });

  it('go on after a failure when the peer has read of it', async () => {
    const set = setup();
    for (const name of ['a', 'b']) set.add(name);
    await set.end('a', false);
    expect(set.done).toEqual(['a']);
    expect(set.asked()).toBe(1);
    expect(set.connection.askedAtMs).toBe(1_000);
    set.queue.answered(set.connection);
    await set.tick();
    expect(set.done).toEqual(['a', 'b']);
  });

  it('are not done after a failure that the peer may never have read of: it repeats them all', async () => {
    const set = setup();
    for (const name of ['a', 'b']) set.add(name);
    await set.end('a', false);
    set.queue.ended(set.connection);
    await set.tick();
    expect(set.done).toEqual(['a']);
  });

  it('are not done after a failure that could not be told', async () => {
    const set = setup('plain');
    for (const name of ['a', 'b']) set.add(name);
    set.connection.phase = 'closing';
    await set.end('a', false);
    expect(set.done).toEqual(['a']);
  });

  it('are done although the connection has ended, as long as none fails', async () => {
    const set = setup();
    for (const name of ['a', 'b']) set.add(name);
    set.connection.phase = 'closed';
    set.queue.ended(set.connection);
    await set.end('a', true);
    expect(set.done).toEqual(['a', 'b']);
  });

  it('go on after a failure where nobody repeats anything', async () => {
    const set = setup('socketio');
    for (const name of ['a', 'b']) set.add(name);
    await set.end('a', false);
    expect(set.done).toEqual(['a', 'b']);
  });

  it('hold their peer when many wait, but not while its answer is waited for', async () => {
    const set = setup();
    for (let i = 0; i < 17; i++) set.add(String(i));
    expect(set.transport.isHeld).toBe(true);
    await set.end('0', false);
    expect(set.transport.isHeld).toBe(false);
    set.add('17');
    expect(set.transport.isHeld).toBe(false);
    set.queue.answered(set.connection);
    await set.tick();
    expect(set.transport.isHeld).toBe(true);
    await set.end('1', true);
    await set.end('2', true);
    expect(set.transport.isHeld).toBe(false);
  });

  it('end their connection when too many wait', () => {
    const set = setup();
    for (let i = 0; i < 256; i++) set.add(String(i));
    expect(set.transport.closedWith).toBeNull();
    set.add('256');
    expect(set.transport.closedWith).toMatchObject({ code: 1013 });
  });
});
