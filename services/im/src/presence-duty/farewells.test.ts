import { expect, it } from '@jest/globals';
import type { DisconnectRequest } from '@flotilla-im/store';
import { Persistence } from '../shard/persistence.ts';
import { type Farewell, Farewells } from './farewells.ts';

const known = { life: 'fefefefefefe', shard: 0, device: null, graceMs: 3_000 };

function farewell(connection: string, graceMs: number): Farewell {
  const common = { clientId: 'alice', reason: '', cursors: null, token: 'j', isDoubtful: false };
  return { ...common, connection, graceMs, known };
}

function setup() {
  const said: DisconnectRequest[] = [];
  const clock = { ms: 0 };
  const farewells = new Farewells({
    presence: { disconnect: (request) => (said.push(request), Promise.resolve('disconnected')) },
    incarnation: { id: 'life' },
    persistence: new Persistence({ setTimer: () => undefined, chance: () => 0, onFailure: () => undefined }),
    nowMs: () => clock.ms,
  });
  const again = (partitions: ReadonlySet<number> | null = null) => {
    said.length = 0;
    farewells.again(partitions);
    return said.map((request) => [request.connection, request.known?.life]);
  };
  return { farewells, said, clock, again };
}

it('are said again while the client may be waited for, as of a connection that the store knew', () => {
  const { farewells, said, clock, again } = setup();
  farewells.say(farewell('c', 3_000));
  expect(said).toEqual([expect.objectContaining({ connection: 'c', incarnation: 'life', known })]);
  clock.ms = 4_000;
  expect(again()).toEqual([['c', known.life]]);
  expect(again(new Set())).toEqual([]);
});

it('are said again a while longer for a store that has only lost its end, without telling twice who is offline', () => {
  const { farewells, clock, again } = setup();
  farewells.say(farewell('c', 3_000));
  farewells.say(farewell('d', 0));
  clock.ms = 6_000;
  expect(again()).toEqual([
    ['c', undefined],
    ['d', undefined],
  ]);
  clock.ms = 60_000;
  expect(again()).toEqual([]);
});

it('are not all on their way at once when all connections end, and all of them are said', async () => {
  const answers: (() => void)[] = [];
  const said: string[] = [];
  const farewells = new Farewells({
    presence: {
      disconnect: ({ connection }) => {
        said.push(connection);
        return new Promise((resolve) => answers.push(() => resolve('disconnected')));
      },
    },
    incarnation: { id: 'life' },
    persistence: new Persistence({ setTimer: () => undefined, chance: () => 0, onFailure: () => undefined }),
    nowMs: () => 0,
  });
  const connections = Array.from({ length: 1_000 }, (_, i) => `c${i}`);
  for (const connection of connections) farewells.say(farewell(connection, 0));
  expect(said.length).toBeLessThan(500);
  expect(farewells.count).toBe(1_000);
  let isSettled = false;
  const settled = farewells.settled().then(() => (isSettled = true));
  while (said.length < 1_000) {
    expect(isSettled).toBe(false);
    for (const answer of answers.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const answer of answers.splice(0)) answer();
  await settled;
  expect(said).toEqual(connections);
});
