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
      world.operator.kill();
      later(world, action.downMs, () => world.startOperator());
      return;
    case 'stop operator':
      stop(world, world.operator, action.forMs);
      return;
    case 'kill sender':
      chosen(world.senders, action.sender)?.kill(action.downMs);
      return;
    default:
      performOnNetwork(world, action);
  }
}

type Shown = Extract<Action, { type: `${string} page` | `${string} redis` | 'leave' | 'drop notifies' }>;

function performOnNetwork(world: World, action: Shown): void {
  switch (action.type) {
    case 'reload page':
      chosen(world.clients, action.page)?.reload(action.downMs);
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
function isGentle({ fleet }: World, action: Action): boolean {
  const isChanging = fleet.pods.some(
    ({ isReady, isDeleting, shard }) => !isReady || (isDeleting && shard < fleet.desired),
  );
  if (action.type === 'replace shard') return !isChanging && fleet.desired > 1;
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
