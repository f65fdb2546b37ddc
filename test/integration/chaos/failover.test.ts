import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { startSystem } from '../../chaos/system/start-system.ts';
import type { System } from '../../chaos/system/system.ts';
import { eventually } from '../../support/eventually.ts';

let system: System;
let flotilla: Flotilla;
beforeAll(async () => {
  const folder = join(tmpdir(), `flotilla-chaos-sentinel-${randomUUID()}`);
  system = await startSystem({ folder, shards: 2, topology: 'sentinel' });
  const { redis, cluster, tokenKeysFile } = system;
  flotilla = await createFlotilla({ redis: redis.url, cluster, tokenKeys: tokenKeysFile });
}, 180_000);
afterAll(async () => {
  await flotilla.close();
  await system.close();
});

const send = (): Promise<unknown> => flotilla.send({ from: null, to: ['alice'], data: {} });

test('behind Sentinel, links carry what goes to the master', async () => {
  await send();
  await system.link('business-redis').behave({ type: 'partition' });
  await expect(send()).rejects.toMatchObject({ retryable: true });
  await system.link('business-redis').behave({ type: 'pass' });
  await eventually(send);
});

test('a replica that lacks the last writes is promoted, twice, and the system gets whole on it', async () => {
  const empty = await system.redis.keys();
  const ten = await manyUntil((sent) => sent === 10);
  const keysEach = ((await system.redis.keys()) - empty) / ten;
  for (const lagMs of [3_000, 0]) {
    const before = await system.redis.keys();
    let isOver = false;
    const failover = system.redis.failover(lagMs).finally(() => (isOver = true));
    const sent = await manyUntil(() => isOver);
    await failover;
    // What was accepted in the lag is lost.
    const lost = before + sent * keysEach - (await system.redis.keys());
    if (lagMs > 0) expect(lost).toBeGreaterThan(20 * keysEach);
    await eventually(send);
    await system.shards.whole(60_000);
  }
}, 300_000);

let receivers = 0;

/** Sends one message after the other, each to another receiver, until it is enough; to how many it was accepted. */
async function manyUntil(isEnough: (accepted: number) => boolean): Promise<number> {
  let accepted = 0;
  while (!isEnough(accepted)) {
    await flotilla.send({ from: null, to: [`one-${String(receivers++)}`], data: {} }).then(
      () => (accepted += 1),
      () => {},
    );
  }
  return accepted;
}
