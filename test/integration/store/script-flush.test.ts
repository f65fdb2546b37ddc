import { expect, it } from '@jest/globals';
import type { LogKey } from '@flotilla-im/store';
import { append, inbox } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('appends to each log keep their order while Redis forgets the scripts under them', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  const clients = Array.from({ length: 20 }, (_, i) => ({ log: inbox(`client-${i}`), sent: [] as Promise<number>[] }));
  const offset = async (log: LogKey) => (await append(store, log)).position.offset;
  let waiting = 0;
  const timer = setInterval(() => {
    // No more than are answered: an append that waits for too long is an outage.
    if (waiting > 500) return;
    for (const { log, sent } of clients) {
      waiting += 1;
      sent.push(offset(log).finally(() => (waiting -= 1)));
    }
  }, 1);
  for (let i = 0; i < 40; i++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    await redis.command('SCRIPT', 'FLUSH');
  }
  clearInterval(timer);
  for (const { sent } of clients) {
    const offsets = await Promise.all(sent);
    expect(offsets.filter((found, i) => found !== i + 1)).toEqual([]);
  }
});

it('a new connection brings the scripts that its client uses, to stay', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  await append(store, inbox('alice'));
  await redis.command('SCRIPT', 'FLUSH');
  await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  const scripts = async () => /number_of_cached_scripts:(\d+)/.exec(String(await redis.command('INFO', 'memory')))?.[1];
  await eventually(async () => expect(Number(await scripts())).toBeGreaterThan(0));
  const before = String(await redis.command('INFO', 'commandstats'));
  expect(before).not.toContain('cmdstat_eval:');
  await eventually(() => append(store, inbox('alice')));
  expect(String(await redis.command('INFO', 'commandstats'))).not.toContain('cmdstat_eval:');
});
