import { expect, it } from '@jest/globals';
import type { DisconnectRequest } from '@flotilla-im/store';
import { Persistence } from '../shard/persistence.ts';
import { type Farewell, Farewells } from './farewells.ts';

const known = { life: 'fefefefefefe', shard: 0, device: null, graceMs: 3_000 };

function farewell(connection: string, graceMs: number, clientId = 'alice'): Farewell {
  const common = { clientId, reason: '', cursors: null, token: 'j', isDoubtful: false };
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
  const again = async (partitions: ReadonlySet<number> | null = null) => {
    await farewells.settled();
    said.length = 0;
    farewells.again(partitions);
    await farewells.settled();
    return said.map((request) => [request.connection, request.known?.life]);
  };
  return { farewells, said, clock, again };
}

it('are said again while the client may be waited for, as of a connection that the store knew', async () => {
  const { farewells, said, clock, again } = setup();
  farewells.say(farewell('c', 3_000));
  expect(said).toEqual([expect.objectContaining({ connection: 'c', incarnation: 'life', known })]);
  clock.ms = 4_000;
  expect(await again()).toEqual([['c', known.life]]);
  expect(await again(new Set())).toEqual([]);
});

it('are said again a while longer for a store that has only lost its end, without telling twice who is offline', async () => {
  const { farewells, clock, again } = setup();
  farewells.say(farewell('c', 3_000));
  farewells.say(farewell('d', 0));
  clock.ms = 6_000;
  expect(await again()).toEqual([
    ['c', undefined],
    ['d', undefined],
  ]);
  clock.ms = 60_000;
  expect(await again()).toEqual([]);
});

it('of one client are said one after another, though the first one fails for a while', async () => {
  const said: string[] = [];
  const away = [true, true];
  const farewells = new Farewells({
    presence: {
      disconnect({ connection }) {
        if (away.pop() === true) return Promise.reject(new Error('away'));
        said.push(connection);
        return Promise.resolve('disconnected');
      },
    },
    incarnation: { id: 'life' },
    persistence: new Persistence({ setTimer: (run) => setImmediate(run), chance: () => 0, onFailure: () => undefined }),
    nowMs: () => 0,
  });
  farewells.say(farewell('a', 3_000));
  farewells.say(farewell('b', 0, 'bob'));
  farewells.say(farewell('c', 0));
  await farewells.settled();
  expect(said.filter((connection) => connection !== 'b')).toEqual(['a', 'c']);
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
  for (const connection of connections) farewells.say(farewell(connection, 0, `client-${connection}`));
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
