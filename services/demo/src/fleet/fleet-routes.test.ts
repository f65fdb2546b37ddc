import cookie from '@fastify/cookie';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fleet, FleetShard, Flotilla, PresenceEvent } from '@flotilla-im/sdk';
import Fastify from 'fastify';
import { APP_OPTIONS } from '../http/app-options.ts';
import { addErrorAnswers } from '../http/error-answers.ts';
import { writeSession } from '../session/session-cookie.ts';
import { createFleetControl } from './fleet-control.ts';
import { addFleetRoutes } from './fleet-routes.ts';
import { watchFleet } from './fleet-watch.ts';
import type { FleetAnswer } from './fleet-words.ts';

const SHARD: Omit<FleetShard, 'shard' | 'connections' | 'deliveredPerSecond' | 'slotsOwned' | 'epoch'> = {
  ...{ url: 'ws://s/0', state: 'up', report: 'up', guests: 5, staying: 4, slotsHome: 2_048, version: '1' },
};

/** Two shards. */
function fleetOf(epoch: number, slotOwners: number[], at: number): Fleet {
  const shards = [0, 1].map((shard) => ({
    ...SHARD,
    shard,
    connections: 3,
    deliveredPerSecond: 10.4,
    slotsOwned: 2_048,
    epoch,
  }));
  const slotHomes = [0, 2_048, 1, 2_048];
  return { epoch, shards, connections: 6, slotsLent: 0, slotOwners, slotHomes, moves: [], at };
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** The routes over a fleet that is told by hand, and a launcher that answers with the lines it is given. */
async function setup({
  isLocal = true,
  lines = [] as string[],
  status = 200,
  answers = Promise.resolve(undefined),
} = {}) {
  const asked: string[] = [];
  const launcher = async (url: string, { body }: { body: string }): Promise<Response> => {
    asked.push(`${url} ${body}`);
    await answers;
    return new Response(lines.join('\n'), { status });
  };
  const told: { picture?: (fleet: Fleet) => void; end?: () => void; event?: (event: PresenceEvent) => void } = {};
  const pictures = new ReadableStream<Fleet>({
    start(controller) {
      told.picture = (fleet) => controller.enqueue(fleet);
      told.end = () => controller.close();
    },
  });
  const flotilla = {
    fleet: {
      changes: ({ signal }: { signal: AbortSignal }) => {
        signal.addEventListener('abort', () => told.end?.());
        return pictures;
      },
    },
    presence: {
      on: (handler: (event: PresenceEvent) => void) => {
        told.event = handler;
        return { close: () => Promise.resolve() };
      },
    },
  } as unknown as Flotilla;
  const control = isLocal ? createFleetControl('http://launcher/secret', launcher) : null;
  const clock = { now: 1_000 };
  const watch = watchFleet(flotilla, {
    control: control && (() => control.state),
    wallMs: () => (clock.now += 1_000),
    onError: (error) => {
      throw error;
    },
  });
  const app = Fastify(APP_OPTIONS);
  addErrorAnswers(app);
  await app.register(cookie, { secret: 's'.repeat(32) });
  app.get('/in', (_request, reply) => {
    writeSession(reply, 'Anna');
    return reply.send();
  });
  addFleetRoutes(app, { watch, control });
  closers.push(() => Promise.all([watch.close(), control?.close(), app.close()]));
  const { cookies } = await app.inject('/in');
  const jar = Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
  const get = (headers: Record<string, string> = {}) => app.inject({ url: '/api/fleet', cookies: jar, headers });
  const post = async (verb: string, payload: object) => {
    const answer = await app.inject({ method: 'POST', url: `/api/fleet/${verb}`, cookies: jar, payload });
    return answer.statusCode;
  };
  const read = async () => (await get()).json<FleetAnswer>();
  /** A picture, once it was taken in. */
  const see = async (fleet: Fleet) => {
    told.picture?.(fleet);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const settled = async () => {
    while ((await read()).control?.isRunning !== false) await new Promise((resolve) => setTimeout(resolve, 2));
    return (await read()).control;
  };
  return { app, asked, told, get, post, read, see, settled };
}

describe('the fleet for pages', () => {
  it('is not there before it was seen, and only for who is signed in', async () => {
    const { app, get, see } = await setup();
    expect((await get()).statusCode).toBe(503);
    await see(fleetOf(1, [0, 4_096], 0));
    expect((await get()).statusCode).toBe(200);
    expect((await app.inject('/api/fleet')).statusCode).toBe(401);
    const kill = { method: 'POST', url: '/api/fleet/kill', payload: { shard: 1 } } as const;
    expect((await app.inject(kill)).statusCode).toBe(401);
  });

  it('has shards, rates, slots in runs and what changed', async () => {
    const { told, read, see } = await setup();
    await see(fleetOf(1, [0, 2_048, 1, 2_048], 0));
    await see(fleetOf(2, [0, 4_096], 500));
    told.event?.({ type: 'disconnected', shard: 1, reason: 'shard lost' } as PresenceEvent);
    await read();
    expect(await read()).toMatchObject({
      epoch: 2,
      connections: 6,
      perSecond: 20,
      owners: [0, 4_096],
      homes: [0, 2_048, 1, 2_048],
      leaving: [-1, 4_096],
      shards: [{ shard: 0, perSecond: 10, slotsOwned: 2_048, guests: 1 }, { shard: 1 }],
      changes: [{ epoch: 2, moved: [{ from: 1, to: 0, slots: 2_048 }], outcome: { lost: { 'shard lost': 1 } } }],
      isLocal: true,
      control: null,
    });
  });

  it('is told once: who has it already is told so, also through a proxy that weakens the tag', async () => {
    const { get, see } = await setup();
    await see(fleetOf(1, [0, 4_096], 0));
    const { headers } = await get();
    const etag = String(headers.etag);
    expect((await get({ 'if-none-match': etag })).statusCode).toBe(304);
    expect((await get({ 'if-none-match': `W/${etag}` })).statusCode).toBe(304);
    await see(fleetOf(2, [0, 4_096], 500));
    expect((await get({ 'if-none-match': etag })).statusCode).toBe(200);
  });
});

describe('scaling and killing', () => {
  it('is passed on to the launcher, and what it says is shown', async () => {
    const lines = ['{"say":"Shard 1 was killed."}', '{"done":{"ok":true,"text":"Shard 1 is back."}}', ''];
    const { asked, post, see, settled } = await setup({ lines });
    await see(fleetOf(1, [0, 4_096], 0));
    expect(await post('kill', { shard: 1 })).toBe(202);
    expect(await settled()).toEqual({
      what: 'kill shard 1',
      isRunning: false,
      hasFailed: false,
      text: 'Shard 1 is back.',
    });
    expect(asked).toEqual(['http://launcher/secret/kill {"shard":1}']);
  });

  it('is one thing at a time', async () => {
    const { promise: answers, resolve: answer } = Promise.withResolvers<undefined>();
    const lines = ['{"done":{"ok":true,"text":"3 shards."}}', ''];
    const { asked, post, see, settled } = await setup({ lines, answers });
    await see(fleetOf(1, [0, 4_096], 0));
    expect([await post('scale', { shards: 3 }), await post('scale', { shards: 4 })]).toEqual([202, 409]);
    answer(undefined);
    await settled();
    expect(asked).toEqual(['http://launcher/secret/scale {"shards":3}']);
  });

  it.each<[string, { lines: string[]; status?: number }, string]>([
    [
      'says why',
      { lines: ['{"error":"scale to 5 is still under way."}'], status: 409 },
      'scale to 5 is still under way.',
    ],
    ['ends early', { lines: ['{"say":"begun"}', ''] }, 'The launcher stopped before it was done.'],
  ])('fails in words when the launcher %s', async (_, given, text) => {
    const { post, see, settled } = await setup(given);
    await see(fleetOf(1, [0, 4_096], 0));
    await post('scale', { shards: 2 });
    expect(await settled()).toMatchObject({ hasFailed: true, text });
  });

  it.each([
    ['scale', { shards: 0 }],
    ['scale', { shards: 9 }],
    ['scale', { shards: '3' }],
    ['kill', { shard: -1 }],
    ['kill', { shard: 1, verb: 'stop' }],
  ])('%s with %j is refused', async (verb, payload) => {
    const { asked, post } = await setup();
    expect(await post(verb, payload)).toBe(400);
    expect(asked).toEqual([]);
  });

  it('is nothing for a cluster that no launcher runs', async () => {
    const { post, read, see } = await setup({ isLocal: false });
    await see(fleetOf(1, [0, 4_096], 0));
    expect(await post('scale', { shards: 3 })).toBe(404);
    expect(await read()).toMatchObject({ isLocal: false, control: null });
  });
});
