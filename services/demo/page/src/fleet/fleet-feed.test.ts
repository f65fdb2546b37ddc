import { describe, expect, it } from '@jest/globals';
import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';
import { FleetFeed } from './fleet-feed.ts';

/** A feed whose clock is a list of what is due. */
function setup() {
  const due: { act: () => void; ms: number }[] = [];
  const told: (FleetAnswer | null)[] = [];
  const world = { isVisible: true, fails: false, asked: 0 };
  const feed = new FleetFeed({
    ask: () => {
      world.asked += 1;
      return world.fails ? Promise.reject(new Error('away')) : Promise.resolve({ epoch: world.asked } as FleetAnswer);
    },
    tell: (fleet) => told.push(fleet),
    isVisible: () => world.isVisible,
    later: (act, ms) => {
      const entry = { act, ms };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry), due.includes(entry) ? 1 : 0);
    },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { feed, due, told, world, settled };
}

describe('asking for the fleet', () => {
  it('is seldom while the panel is closed and often while it is open', async () => {
    const { feed, due, settled } = setup();
    feed.soon();
    await settled();
    expect(due.map(({ ms }) => ms)).toEqual([15_000]);
    feed.setOpen(true);
    await settled();
    expect(due.map(({ ms }) => ms)).toEqual([500]);
  });

  it('stops while nobody sees the page', async () => {
    const { feed, due, world, settled } = setup();
    world.isVisible = false;
    feed.setOpen(true);
    await settled();
    expect(world.asked).toBe(0);
    expect(due).toEqual([]);
  });

  it('is one question at a time', async () => {
    const { feed, due, world, settled } = setup();
    feed.soon();
    feed.soon();
    await settled();
    expect(world.asked).toBe(1);
    expect(due).toHaveLength(1);
  });

  it('tells of a failure, and goes on a little slower', async () => {
    const { feed, due, told, world, settled } = setup();
    world.fails = true;
    feed.setOpen(true);
    await settled();
    expect(told).toEqual([null]);
    expect(due.map(({ ms }) => ms)).toEqual([2_000]);
    world.fails = false;
    due.pop()?.act();
    await settled();
    expect(told).toEqual([null, { epoch: 2 }]);
  });
});
