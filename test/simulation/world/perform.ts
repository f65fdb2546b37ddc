import type { Action } from '../schedule/action.ts';
import { isCalm } from '../schedule/action.ts';
import type { RedisLink } from '../network/redis-link.ts';
import type { SimulatedProcess } from '../platform/process.ts';
import type { Client } from './client.ts';
import type { World } from './world.ts';

/** Does one action to a world. */
export function perform(world: World, action: Action): void {
  if (!isCalm(action)) {
    world.isCalm = false;
    disturb(world);
  } else if (world.isCalm && !isGentle(world, action)) return;
  world.trace(action);
  switch (action.type) {
    case 'send':
      world.senders[action.sender]?.send(chosen(world.clients, action.to)?.clientId ?? '');
      return;
    case 'publish':
      world.senders[action.sender]?.publish(chosen(world.channels, action.channel) ?? '');
      return;
    case 'join':
    case 'leave channel':
      changeMembership(world, action);
      return;
    case 'scale':
      world.fleet.scale(action.shards);
      return;
    case 'replace shard':
      world.fleet.replace(podOf(world, action.shard)?.shard ?? -1);
      return;
    case 'kill shard':
      world.fleet.kill(podOf(world, action.shard)?.shard ?? -1);
      return;
    case 'stop shard':
      stop(world, podOf(world, action.shard)?.process, action.forMs);
      return;
    case 'kill operator':
    case 'stop operator':
      disturbOperator(world, action);
      return;
    case 'client sends':
    case 'client publishes':
    case 'upstream':
    case 'set grants':
      performOfClient(world, action);
      return;
    case 'clock jump':
      jump(world, action);
      return;
    case 'kill sender':
      chosen(world.senders, action.sender)?.kill(action.downMs);
      return;
    default:
      performOnNetwork(world, action);
  }
}

/** What a leader asked for, or wrote, arrives; it hears so late, or never. */
function disturbOperator(world: World, action: Extract<Action, { type: `${string} operator` }>): void {
  const { operators, api } = world;
  const act = (operator: SimulatedProcess): void => {
    disturb(world);
    if (action.type === 'stop operator') stop(world, operator, action.forMs);
    else later(world, action.downMs, operators.kill(operator));
  };
  if (action.when === 'now') act(operators.leader);
  else
    api.onNext = {
      call: action.when,
      run: (operator) => void world.loop.after(0, world.environment, () => act(operator)),
    };
}

type OfClient = Extract<Action, { type: `client ${string}` | 'upstream' | 'set grants' }>;

function performOfClient(world: World, action: OfClient): void {
  const { requests, clients, senders } = world;
  const client = chosen(clients, action.page);
  if (client === undefined || client.isGone) return;
  if (action.type === 'set grants') {
    const [, backend] = senders;
    if (backend !== undefined) requests.setGrants(backend, client, action.isGiven);
  } else if (action.type === 'upstream') requests.upstream(client);
  else if (action.type === 'client sends') requests.send(client, chosen(clients, action.to)?.clientId ?? '');
  else requests.publish(client, chosen(world.channels, action.to) ?? '');
}

/** No disturbance: monotonic time goes on, and by that all are to judge. */
function jump(world: World, { of, which, byMs, forMs }: Extract<Action, { type: 'clock jump' }>): void {
  const process = {
    shard: () => podOf(world, which)?.process,
    operator: () => world.operators.leader,
    service: () => chosen(world.senders, which)?.process,
    page: () => chosen(world.clients, which)?.process,
  }[of]();
  if (process === undefined) return;
  process.wallOffsetMs += byMs;
  world.wrongClocks += 1;
  world.loop.after(forMs, world.environment, () => {
    process.wallOffsetMs -= byMs;
    world.wrongClocks -= 1;
    world.clocksRightAtMs = world.loop.nowMs;
  });
}

function changeMembership(
  { club, clients, senders }: World,
  { type, page, by, isTold }: Extract<Action, { type: 'join' | 'leave channel' }>,
): void {
  const client = chosen(clients, page);
  const kind = type === 'join' ? 'join' : 'leave';
  if (client === undefined || client.isGone) return;
  const service = by === 'itself' ? undefined : chosen(senders, by);
  if (service === undefined) club.changeOwn(client, kind);
  else club.change(service, client, kind, isTold);
}

type Shown = Extract<Action, { type: `${string} page` | `${string} redis` | 'leave' | 'session' | 'drop notifies' }>;

function performOnNetwork(world: World, action: Shown): void {
  switch (action.type) {
    case 'reload page':
      chosen(world.clients, action.page)?.reload(action.downMs);
      return;
    case 'session':
      chosen(world.clients, action.page)?.reload(1, world.loop.nowMs + action.lastsMs);
      return;
    case 'leave': {
      const client = chosen(world.clients, action.page);
      if (client !== undefined) world.ledger.forget(client.clientId);
      client?.leave(action.isPolite);
      return;
    }
    case 'stop page':
      stop(world, chosen(world.clients, action.page)?.process, action.forMs);
      return;
    case 'cut page':
      for (const wire of wiresOf(world, chosen(world.clients, action.page))) wire.reset();
      return;
    case 'hold page':
      for (const wire of wiresOf(world, chosen(world.clients, action.page))) wire.hold(world.loop.nowMs + action.forMs);
      later(world, action.forMs, () => undefined);
      return;
    case 'cut redis':
      for (const link of linksOf(world, action.of)) link.reset();
      return;
    case 'hold redis':
      for (const link of linksOf(world, action.of)) link.hold(world.loop.nowMs + action.forMs);
      later(world, action.forMs, () => undefined);
      return;
    case 'stall redis':
      stop(world, world.redis.process, action.forMs);
      return;
    case 'restart redis':
      world.redis.restart(action.downMs);
      later(world, action.downMs, () => undefined);
      return;
    case 'flush redis':
      world.loseAll();
      return;
    case 'promote redis':
      world.promote(action.lagMs);
      return;
    case 'drop notifies':
      world.redis.dropped = action.part;
      later(world, action.forMs, () => void (world.redis.dropped = 0));
  }
}

/** Whether clients can be moved in time: somebody else must be there to take them. */
function isGentle({ fleet, wrongClocks }: World, action: Action): boolean {
  if (wrongClocks > 0 && (action.type === 'scale' || action.type === 'replace shard')) return false;
  const isChanging = fleet.pods.some(
    ({ isReady, isDeleting, shard }) => !isReady || (isDeleting && shard < fleet.desired),
  );
  if (action.type === 'replace shard') return !isChanging && fleet.desired > 1;
  // A token that a wrong clock made, or judges, is good for nothing: who must go then cannot.
  if (action.type === 'clock jump') {
    return !fleet.pods.some(({ core, isReady, isDeleting }) => !isReady || isDeleting || core?.levels().guests !== 0);
  }
  return action.type !== 'scale' || !isChanging;
}

function disturb(world: World): void {
  world.disturbedAtMs = world.loop.nowMs;
}

/** Something ends that disturbed. */
function later(world: World, ms: number, end: () => void): void {
  world.faults += 1;
  world.loop.after(ms, world.environment, () => {
    world.faults -= 1;
    disturb(world);
    end();
  });
}

function stop(world: World, process: SimulatedProcess | undefined, forMs: number): void {
  if (process === undefined) return;
  process.stop();
  later(world, forMs, () => process.resume());
}

function chosen<T>(all: readonly T[], which: number): T | undefined {
  return all[which % all.length];
}

function podOf(world: World, which: number): World['fleet']['pods'][number] | undefined {
  return chosen(world.fleet.pods, which);
}

function wiresOf(world: World, client: Client | undefined) {
  return [...world.wires].filter((wire) => wire.client === client?.process);
}

/** Those of one process, or all. */
function linksOf(world: World, of: number | 'all'): RedisLink[] {
  const links = [...world.redis.links];
  if (of === 'all') return links;
  const process = chosen([...new Set(links.map((link) => link.process))], of);
  return links.filter((link) => link.process === process);
}
