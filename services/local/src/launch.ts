import { randomBytes } from 'node:crypto';
import { createClosers, type Closers } from './closers.ts';
import { type MapWatch, watchMap } from './cluster/map-watch.ts';
import type { ClusterParts } from './cluster/cluster-parts.ts';
import { untilReady } from './cluster/until-ready.ts';
import { type ControlHandlers, startControlServer } from './control/control-server.ts';
import { FleetKeeper } from './fleet/fleet-keeper.ts';
import { assemble, type Assembled } from './assemble.ts';
import { describeLaunch, type Launched } from './launched.ts';
import type { LauncherDeps } from './launcher-deps.ts';
import type { LocalOptions } from './options.ts';
import { findPort, LOOPBACK } from './ports.ts';
import { createShardPorts } from './fleet/shard-ports.ts';
import { describeChange } from './screen/map-events.ts';
import { shardLines } from './screen/shard-lines.ts';
import { claimFolder } from './state/running-launcher.ts';
import { kill } from './verbs/kill.ts';
import { restart } from './verbs/restart.ts';
import { scale } from './verbs/scale.ts';
import type { VerbDeps } from './verbs/verb.ts';

/** How long a part may take to end in order after Ctrl-C. */
const PATIENCE_MS = 10_000;
/** How long a shard may take to hand its clients over when it is scaled away or restarted: its own limit, and a little. */
const DRAIN_MS = 30_000;
const MAP_MS = 60_000;

/** Makes what stops a launch, started or half started. */
export function createLaunchClosers(): Closers {
  return createClosers(PATIENCE_MS);
}

/**
 * Starts everything, in this order: the folder is claimed, Redis, shards, operator, demo. What was started is in `closers`,
 * also when this rejects.
 *
 * @throws {Problem} for whatever the person can do something about
 */
export async function launch(options: LocalOptions, deps: LauncherDeps, closers: Closers): Promise<Launched> {
  const { state, say, progress, isPortFree } = deps;
  const claim = await claimFolder(state.control, deps);
  closers.add({ stop: () => claim.release(), kill: () => {} });
  const demoPort = await findPort(
    { first: options.port, isFixed: options.isPortFixed, who: 'The demo', option: '--port' },
    isPortFree,
  );
  const demo = `http://${LOOPBACK}:${demoPort}`;
  const assembled = await assemble(options, deps, closers);
  const { parts } = assembled;
  const start = { isReady: false };
  const map = startWatch(parts, deps, closers, () => start.isReady);
  const keeper = createKeeper(options, deps, assembled, closers);
  const handlers = createHandlers({ keeper, map, ...verbSettings(parts, deps) }, async () => ({
    demo,
    shards: await shardLines(keeper, map),
  }));
  closers.check();
  await keeper.setDesired(options.shards);
  closers.check();
  closers.add(await parts.startOperator());
  const control = await startControlServer(randomBytes(18).toString('base64url'), handlers);
  closers.add({ stop: () => control.close(), kill: () => {} });
  closers.check();
  closers.add(await parts.startDemo({ port: demoPort, controlUrl: control.url }));
  await progress.during('Starting', assembled.guard.during(untilReady(keeper, map, demo)));
  start.isReady = true;
  await claim.announce({ controlUrl: control.url, demo });
  for (const warning of parts.isOneProcess ? [] : parts.store.warnings) say(`Redis: ${warning}.`);
  return describeLaunch(assembled, { demo, control: control.url, logs: state.logs }, () => shardLines(keeper, map));
}

function startWatch(
  { store }: ClusterParts,
  { say }: LauncherDeps,
  closers: Closers,
  isReady: () => boolean,
): MapWatch {
  const map = watchMap(store, {
    changed(before, after) {
      // The maps of a start, one shard after the other, are no news.
      if (isReady()) describeChange(before, after).forEach(say);
    },
    health(isHealthy) {
      say(
        isHealthy
          ? 'Redis answers again.'
          : 'Redis does not answer. Connections stay open and nothing is lent; sends fail until it is back, and can be repeated.',
      );
    },
  });
  closers.add({ stop: () => map.close(), kill: () => {} });
  return map;
}

function createKeeper(options: LocalOptions, deps: LauncherDeps, assembled: Assembled, closers: Closers): FleetKeeper {
  const keeper = new FleetKeeper({
    host: assembled.parts.host,
    publish: assembled.parts.publishFleet,
    nowMs: deps.nowMs,
    portOf: createShardPorts({ first: options.shardPort, isFixed: options.isShardPortFixed }, deps.isPortFree),
    onEvent(event) {
      if (event.type !== 'crashed') return;
      assembled.guard.ended(`shard-${event.id}`, event.how);
      deps.say(`Shard ${event.id} ${event.how}; it is started again in ${event.retryMs / 1_000} s.`);
    },
  });
  closers.add({ stop: (patienceMs) => keeper.close(patienceMs), kill: () => keeper.killAll() });
  return keeper;
}

function verbSettings(parts: ClusterParts, { nowMs, state }: LauncherDeps): Omit<VerbDeps, 'keeper' | 'map' | 'say'> {
  return { isOneProcess: parts.isOneProcess, drainMs: DRAIN_MS, mapMs: MAP_MS, nowMs, logOf: state.logOf };
}

function createHandlers(deps: Omit<VerbDeps, 'say'>, status: () => Promise<unknown>): ControlHandlers {
  return {
    status,
    run(request, say) {
      const verb = { ...deps, say };
      if (request.verb === 'scale') return scale(request.shards, verb);
      return request.verb === 'restart' ? restart(request.shard, verb) : kill(request.shard, verb);
    },
  };
}
