import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SimulatedShards } from '../test/simulated-shards.ts';

type Act = (shards: SimulatedShards) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Act>((shards) => shards.append('inbox')) },
  { weight: 4, arbitrary: fc.constant<Act>((shards) => shards.append('news')) },
  { weight: 4, arbitrary: fc.constant<Act>((shards) => shards.request()) },
  {
    weight: 25,
    arbitrary: fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 6 })).map<Act>(
      ([which, frames]) =>
        (shards) =>
          shards.progress(which, frames),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Act>((shards) => shards.move()) },
  { weight: 2, arbitrary: fc.nat(3).map<Act>((which) => (shards) => shards.kill(which)) },
  { weight: 2, arbitrary: fc.constant<Act>((shards) => shards.newGeneration()) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3_000 }).map<Act>((ms) => (shards) => shards.pass(ms)) },
);

test('whatever is cut, moved and delayed, the application gets each message once and in order, and each request is done once and in order', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 150, size: 'max' }), (acts) => {
      const shards = new SimulatedShards();
      shards.calm();
      for (const each of acts) each(shards);
      shards.calm();
      const { data } = shards.world;
      expect(data.filter((one) => !String(one).startsWith('news:'))).toEqual(shards.inbox);
      expect(data.filter((one) => String(one).startsWith('news:'))).toEqual(shards.news.map((one) => `news:${one}`));
      expect(shards.done).toEqual(Array.from({ length: shards.requests }, (_, i) => `r${i + 1}`));
      expect(shards.world.detailsOf('gap')).toEqual([]);
      expect([...shards.world.detailsOf('joined'), ...shards.world.detailsOf('left')]).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('moves alone are no event', () => {
  const quiet = fc.oneof(
    fc.constant<Act>((shards) => shards.append('inbox')),
    fc.constant<Act>((shards) => shards.move()),
    fc.nat(3).map<Act>((which) => (shards) => shards.progress(which, 5)),
  );
  fc.assert(
    fc.property(fc.array(quiet, { maxLength: 60, size: 'max' }), (acts) => {
      const shards = new SimulatedShards();
      shards.calm();
      for (const each of acts) each(shards);
      shards.calm();
      expect(shards.world.states).toEqual([{ type: 'connecting' }, { type: 'connected', recovered: true }]);
      expect(shards.world.data).toEqual(shards.inbox);
    }),
    { numRuns: 60 },
  );
});
