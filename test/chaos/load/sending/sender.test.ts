import { describe, expect, it } from '@jest/globals';
import { FlotillaError, type ErrorCode } from '@flotilla-im/sdk';
import type { JournalRecord } from '../../journal/record.ts';
import { type Outlet, Sender } from './sender.ts';

const LIFE = 'sender-0.2';
const FLOWS = [{ logs: ['inbox:a', 'channel:c'], perSecond: 1_000 }] as const;

/** A sender whose calls fail in this order, and succeed from then on. */
function setup(...failures: ErrorCode[]) {
  const records: JournalRecord[] = [];
  const calls: { readonly to: string; readonly data: unknown; readonly key: string | undefined }[] = [];
  const call = (to: string, data: unknown, key: string | undefined): Promise<never> => {
    calls.push({ to, data, key });
    const code = failures.shift();
    if (code === undefined) return Promise.resolve(undefined as never);
    return Promise.reject(new FlotillaError(code, 'as told', { retryAfterMs: 1 }));
  };
  const outlet: Outlet = {
    send: ({ to, data, key }) => call(`inbox ${String(to)}`, data, key),
    channels: { publish: (channel, { data, key }) => call(`channel ${channel}`, data, key) },
  };
  const write = (...some: readonly JournalRecord[]): void => void records.push(...some);
  const sender = new Sender(outlet, { write, writeNow: write }, LIFE);
  const told = (): unknown[][] => records.map(([what, , ...rest]) => [what, ...rest]);
  const settled = async (): Promise<void> => {
    while (sender.unanswered > 0) await new Promise(setImmediate);
  };
  return { sender, calls, told, settled };
}

const message = (n: number) => ({ life: 'sender-0.1', log: `inbox:${n}`, n }) as const;

describe('a sender', () => {
  it('writes down what it does before it does it, and numbers from one for each log', async () => {
    const { sender, told, calls, settled } = setup();
    sender.resume(FLOWS);
    while (calls.length < 4) await new Promise(setImmediate);
    sender.pause();
    await settled();
    const ofInbox = told().filter(([, , log]) => log === 'inbox:a');
    expect(ofInbox.slice(0, 3)).toEqual([
      ['intent', LIFE, 'inbox:a', 1],
      ['accepted', LIFE, 'inbox:a', 1],
      ['intent', LIFE, 'inbox:a', 2],
    ]);
    expect(calls.slice(0, 2)).toEqual([
      { to: 'inbox a', data: { life: LIFE, log: 'inbox:a', n: 1 }, key: `${LIFE} inbox:a 1` },
      { to: 'channel c', data: { life: LIFE, log: 'channel:c', n: 1 }, key: `${LIFE} channel:c 1` },
    ]);
  });

  it('calls again with the same key where that helps', async () => {
    const { sender, told, calls, settled } = setup('store_unavailable', 'timeout');
    sender.takeOver([message(1)]);
    await settled();
    expect(new Set(calls.map(({ key }) => key))).toEqual(new Set(['sender-0.1 inbox:1 1']));
    expect(told()).toEqual([
      ['failed', 'sender-0.1', 'inbox:1', 1, 'store_unavailable', true],
      ['failed', 'sender-0.1', 'inbox:1', 1, 'timeout', true],
      ['accepted', 'sender-0.1', 'inbox:1', 1],
    ]);
  });

  it('gives up what no repetition mends', async () => {
    const { sender, told, settled } = setup('key_conflict');
    sender.takeOver([message(1)]);
    await settled();
    expect(told().map(([what]) => what)).toEqual(['failed', 'abandoned']);
  });

  it('sends again every other message of an earlier life, under its name, and gives up the rest', async () => {
    const { sender, told, calls, settled } = setup();
    sender.takeOver([1, 2, 3, 4].map(message));
    await settled();
    expect(calls.map(({ to }) => to)).toEqual(['inbox 1', 'inbox 3']);
    expect(
      told()
        .map(([what, life, log]) => `${String(what)} ${String(life)} ${String(log)}`)
        .sort(),
    ).toEqual([
      'abandoned sender-0.1 inbox:2',
      'abandoned sender-0.1 inbox:4',
      'accepted sender-0.1 inbox:1',
      'accepted sender-0.1 inbox:3',
    ]);
  });

  it('sends nothing new to a log that an earlier life has something open in', async () => {
    const { sender, calls, told, settled } = setup('timeout');
    sender.takeOver([{ life: 'sender-0.1', log: 'inbox:a', n: 7 }]);
    sender.resume(FLOWS);
    while (calls.length < 6) await new Promise(setImmediate);
    sender.end();
    await settled();
    const ofInbox = told().filter(([, , log]) => log === 'inbox:a');
    expect(ofInbox.slice(0, 3).map(([what, life, , n]) => [what, life, n])).toEqual([
      ['failed', 'sender-0.1', 7],
      ['accepted', 'sender-0.1', 7],
      ['intent', LIFE, 1],
    ]);
  });
});
