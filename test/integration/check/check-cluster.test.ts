import { afterEach, expect, it } from '@jest/globals';
import { checkCluster } from '../../../operator/src/check/check-cluster.ts';
import { type Pods, startPods } from '../im-core/pods.ts';

let pods: Pods | null = null;
afterEach(async () => {
  await pods?.close();
  pods = null;
});

/** Some shards, and a check of them by the addresses given; by default their own. */
async function setup(count: number, patienceMs = 20_000) {
  const started = await startPods({ count });
  pods = started;
  const told: string[] = [];
  const check = (baseOf = (shard: number) => started.pods[shard]!.url): Promise<boolean> =>
    checkCluster({
      im: started.im,
      ways: (urls) => [
        { name: 'by its Service', baseOf },
        { name: 'by its route', baseOf: (shard) => urls.get(shard) ?? '' },
      ],
      tell: (sentence) => told.push(sentence),
      run: 'test',
      patienceMs,
    });
  return { check, told, pods: started };
}

it('every shard is reached by every way, and messages cross from each to the next', async () => {
  const { check, told } = await setup(3);
  expect({ isWell: await check(), told }).toEqual({
    isWell: true,
    told: [
      ...['by its Service', 'by its route'].flatMap((way) =>
        [0, 1, 2].map(
          (shard) => `Shard ${shard} ${way}: connected, and its message arrived at shard ${(shard + 1) % 3}.`,
        ),
      ),
      'All 3 shards are well.',
    ],
  });
});

it('a lone shard sends to itself', async () => {
  const { check, told } = await setup(1);
  await expect(check()).resolves.toBe(true);
  expect(told[0]).toBe('Shard 0 by its Service: connected, and its message arrived at shard 0.');
});

it('an address that leads to another shard is found out', async () => {
  const { check, told, pods: started } = await setup(2);
  const wrong = started.pods[0]!.url;
  await expect(check(() => wrong)).resolves.toBe(false);
  expect(told[1]).toBe(`Shard 1 by its Service: ${wrong}/ws leads to shard 0.`);
  expect(told.at(-1)).toBe('Not all is well, see above.');
});

it('an address where nobody answers is told, and the others are checked', async () => {
  const { check, told, pods: started } = await setup(2, 6_000);
  await expect(check((shard) => (shard === 0 ? 'ws://127.0.0.1:1/s/0' : started.pods[shard]!.url))).resolves.toBe(
    false,
  );
  expect(told[0]).toMatch(/^Shard 0 by its Service: no connection to ws:\/\/127\.0\.0\.1:1\/s\/0\/ws \(.+\)\.$/u);
  expect(told[1]).toBe('Shard 1 by its Service: connected, and its message arrived at shard 1.');
});

it('a shard that stays away is told by its number', async () => {
  const { check, told, pods: started } = await setup(2, 500);
  await started.publish({ away: [1] });
  await expect(check()).resolves.toBe(false);
  expect(told).toEqual(['Not up, says the shard map: shard 1.']);
});
