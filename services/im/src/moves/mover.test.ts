import { describe, expect, it } from '@jest/globals';
import { type CompiledMap, compileMap, type TokenClaims } from '@flotilla-im/protocol';
import type { Lease } from '@flotilla-im/store';
import { ClientTable } from '../connections/client-table.ts';
import { connectionSetup, type ConnectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import type { TransportKind } from '../connections/transport.ts';
import { eventuallyIdle } from '../delivery/testing/eventually-idle.ts';
import { ViewTable } from '../delivery/view-table.ts';
import { Mover, type MoverDeps } from './mover.ts';

function mapOf(owner: number, epoch = 1, away = -1): CompiledMap {
  const shards = [0, 1, 2].map((id) => ({ id, url: `ws://h/s/${id}`, state: id === away ? 'away' : 'up' }) as const);
  return compileMap({ schema: 1, compatible: 1, epoch, shards, home: [owner, 4_096], owner: [owner, 4_096] });
}

function setup(kinds: TransportKind[], pace = 1_000) {
  const clients = new ClientTable(new ViewTable());
  const clock = { ms: 0 };
  const timers: (() => void)[] = [];
  const minted: Parameters<MoverDeps['mintToken']>[0][] = [];
  const map = { current: mapOf(0) };
  const reporting = [0, 1];
  const states: Record<number, Lease['state'][]> = {};
  const mover = new Mover({
    shard: 0,
    clients,
    leases: {
      list: () =>
        Promise.resolve(
          reporting.flatMap((shard) =>
            (states[shard] ?? ['up']).map(
              (state, i) => ({ shard, state, pace, incarnation: `i${shard}-${i}` }) as Lease,
            ),
          ),
        ),
    },
    mintToken: (claims) => {
      minted.push(claims);
      return Promise.resolve('fresh');
    },
    map: () => map.current,
    defaultPace: pace,
    nowMs: () => clock.ms,
    idle: () => null,
    setTimer: (run) => void timers.push(run),
    onFailure: (error) => {
      throw error;
    },
  });
  const sets = kinds.map((kind, i) => {
    const claims: Partial<TokenClaims> = { sub: `client-${i}`, metadata: { i }, grants: { send: true } };
    const set = openConnection(connectionSetup(claims, kind));
    clients.add(set.connection);
    set.connection.record = clients.serve(set.connection);
    return set;
  });
  const become = (owner: number, away?: number): void => {
    const before = map.current;
    map.current = mapOf(owner, before.epoch + 1, away);
    mover.mapChanged(before, map.current);
  };
  const after = async (ms: number): Promise<void> => {
    clock.ms += ms;
    for (const run of timers.splice(0)) run();
    await eventuallyIdle();
    for (const { tick } of sets) tick.run();
  };
  return { mover, sets, minted, reporting, states, become, after };
}

const movedOf = ({ transport }: ConnectionSetup) => transport.notices.filter(({ type }) => type === 'moved');
const toldOf = (sets: readonly ConnectionSetup[]): number => sets.filter((set) => movedOf(set).length > 0).length;

describe('the mover', () => {
  it('tells flotilla.v1 clients of slots that went elsewhere, with a token of the same claims', async () => {
    const { sets, minted, become, after } = setup(['v1']);
    sets[0]!.connection.record!.life = 'd3adbeef0000';
    become(1);
    await after(50);
    expect(movedOf(sets[0]!)).toEqual([{ type: 'moved', url: 'ws://h/s/1/ws', token: 'fresh', epoch: 2 }]);
    expect(minted).toEqual([
      {
        ...{ aud: 'test', sub: 'client-0', metadata: { i: 0 }, grants: { send: true }, continues: 'c1' },
        life: 'd3adbeef0000',
        granted: { iat: expect.any(Number), grants: { send: true } },
      },
    ]);
  });

  it('tells them again at once when the shard that they were told of is not theirs any more', async () => {
    const { sets, reporting, become, after } = setup(['v1']);
    reporting.push(2);
    become(2);
    await after(50);
    become(1);
    await after(50);
    await after(50);
    expect(movedOf(sets[0]!)).toMatchObject([{ url: 'ws://h/s/2/ws' }, { url: 'ws://h/s/1/ws', epoch: 3 }]);
  });

  it('tells a client again that did not get to a shard which was gone, as soon as that is back', async () => {
    const { sets, become, after } = setup(['v1']);
    become(1);
    await after(50);
    become(0, 1);
    await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(1);
    become(1);
    for (let i = 0; i < 4; i++) await after(50);
    expect(movedOf(sets[0]!)).toMatchObject([{ epoch: 2 }, { epoch: 4 }]);
  });

  it('tells a client again that belonged here meanwhile', async () => {
    const { sets, become, after } = setup(['v1']);
    become(1);
    await after(50);
    become(0);
    become(1);
    for (let i = 0; i < 4; i++) await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(2);
  });

  it('leaves plain and Socket.IO clients where they are, unless the pod leaves', async () => {
    const { mover, sets, become, after } = setup(['plain', 'socketio']);
    become(1);
    await after(50);
    expect(sets.map(({ transport }) => transport.closedWith)).toEqual([null, null]);
    mover.leaving = 'by-map';
    mover.queueAll();
    for (let i = 0; i < 8; i++) await after(50);
    expect(sets.map(({ transport }) => transport.closedWith?.code)).toEqual([1012, 1012]);
  });

  it('sends no more than the taker takes, moves of others and arrivals counted in', async () => {
    const { sets, become, after } = setup(Array<TransportKind>(900).fill('v1'), 100);
    become(1);
    for (let i = 0; i < 240; i++) await after(50);
    const before = toldOf(sets);
    for (let i = 0; i < 40; i++) await after(50);
    expect(toldOf(sets) - before).toBeGreaterThan(140);
    expect(toldOf(sets) - before).toBeLessThanOrEqual(180);
  });

  it('begins slowly, since the shard that takes them may be cold', async () => {
    const { sets, become, after } = setup(Array<TransportKind>(400).fill('v1'), 100);
    become(1);
    for (let i = 0; i < 20; i++) await after(50);
    expect(toldOf(sets)).toBeGreaterThan(0);
    expect(toldOf(sets)).toBeLessThanOrEqual(5);
    for (let i = 0; i < 80; i++) await after(50);
    expect(toldOf(sets)).toBeGreaterThan(20);
  });

  it('gives way while the pod has no time to spare, but goes on', async () => {
    const { sets, become, after } = setup(Array<TransportKind>(400).fill('v1'), 100);
    become(1);
    for (let i = 0; i < 100; i++) await after(50);
    const before = toldOf(sets);
    for (let i = 0; i < 40; i++) await after(70);
    expect(toldOf(sets) - before).toBeGreaterThan(0);
    expect(toldOf(sets) - before).toBeLessThanOrEqual(20);
  });

  it('has everybody gone in time all the same when the pod leaves', async () => {
    const { mover, sets, become, after } = setup(Array<TransportKind>(200).fill('v1'), 100);
    mover.leaving = 'by-map';
    mover.goneByMs = 4_000;
    become(1);
    for (let i = 0; i < 56; i++) await after(70);
    expect(toldOf(sets)).toBe(200);
  });

  it('tells nobody whose slot came back meanwhile', async () => {
    const { sets, become, after } = setup(Array<TransportKind>(50).fill('v1'), 10);
    become(1);
    await after(50);
    const told = toldOf(sets);
    become(0);
    for (let i = 0; i < 100; i++) await after(50);
    expect(sets.filter((set) => movedOf(set).length > 0)).toHaveLength(told);
  });

  it('moves clients to a shard that came after what it read of the others', async () => {
    const { sets, reporting, become, after } = setup(['v1', 'v1']);
    become(1);
    await after(50);
    become(0);
    reporting.push(2);
    sets[0]!.connection.movedAtMs = 0;
    become(2);
    await after(50);
    expect(movedOf(sets[0]!).at(-1)).toMatchObject({ url: 'ws://h/s/2/ws' });
  });

  it('waits for a shard that says it is leaving, and goes on when it takes clients again', async () => {
    const { sets, states, become, after } = setup(Array<TransportKind>(100).fill('v1'), 100);
    const told = (): number => toldOf(sets);
    states[1] = ['draining'];
    become(1);
    for (let i = 0; i < 20; i++) await after(50);
    const before = told();
    expect(before).toBeLessThan(20);
    states[1] = ['up'];
    for (let i = 0; i < 160; i++) await after(50);
    expect(told()).toBe(100);
  });

  it('is not misled by the lease that a killed incarnation left behind', async () => {
    const { sets, states, become, after } = setup(Array<TransportKind>(100).fill('v1'), 100);
    states[1] = ['up', 'draining'];
    become(1);
    for (let i = 0; i < 160; i++) await after(50);
    expect(sets.filter((set) => movedOf(set).length > 0)).toHaveLength(100);
  });

  it('keeps nothing of what it read when nobody waits any more', async () => {
    const { mover, sets, states, become, after } = setup(['v1']);
    become(1);
    states[1] = ['draining'];
    await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(1);
    await after(12_000);
    expect(mover.queueAll()).toBe(1);
    await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(2);
  });

  it('tells who is still here again after two seconds while its shard leaves: the other one may have had too many arrivals', async () => {
    const { mover, sets, become, after } = setup(['v1']);
    mover.leaving = 'by-map';
    become(1);
    await after(50);
    for (const ms of [1_000, 900]) {
      await after(ms);
      mover.queueAll();
    }
    await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(1);
    await after(60);
    mover.queueAll();
    await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(2);
  });

  it('tells a client again that was told and is still here when its token has expired', async () => {
    const { mover, sets, become, after } = setup(['v1']);
    become(1);
    await after(50);
    mover.queueAll();
    await after(5_000);
    expect(movedOf(sets[0]!)).toHaveLength(1);
    await after(10_000);
    mover.queueAll();
    await after(50);
    expect(movedOf(sets[0]!)).toHaveLength(2);
  });
});
