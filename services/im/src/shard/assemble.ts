import { PARTITION_COUNT } from '@flotilla-im/store';
import { ClientTable } from '../connections/client-table.ts';
import { ConnectionSweep } from '../connections/connection-sweep.ts';
import { Resumption } from '../connections/resumption.ts';
import { WebSocketDoor } from '../connections/web-socket-door.ts';
import { Canary } from '../delivery/canary.ts';
import { CatchUp } from '../delivery/catch-up.ts';
import { Delivery } from '../delivery/delivery.ts';
import { createDeliveryTotals } from '../delivery/delivery-totals.ts';
import { Filler, type ReadPage } from '../delivery/filler.ts';
import { FlushTick } from '../delivery/flush-tick.ts';
import { GenerationWatch } from '../delivery/generation-watch.ts';
import { LifeWatch } from '../delivery/life-watch.ts';
import { LogReader } from '../delivery/log-reader.ts';
import { TailPoll } from '../delivery/tail-poll.ts';
import { TailWatch } from '../delivery/tail-watch.ts';
import { ViewTable } from '../delivery/view-table.ts';
import { ChannelViews } from '../membership/channel-views.ts';
import { ClientRefresh } from '../membership/client-refresh.ts';
import { Memberships } from '../membership/memberships.ts';
import { isMapFault, MapWatch } from '../moves/map-watch.ts';
import { Mover } from '../moves/mover.ts';
import { Acknowledgements } from '../presence-duty/acknowledgements.ts';
import { CursorWriter } from '../presence-duty/cursor-writer.ts';
import { Farewells } from '../presence-duty/farewells.ts';
import { Incarnation } from '../presence-duty/incarnation.ts';
import { Reassertion } from '../presence-duty/reassertion.ts';
import { Sweeper } from '../presence-duty/sweeper.ts';
import { Requests } from '../v1/requests.ts';
import { FailureLog } from './failure-log.ts';
import { Persistence } from './persistence.ts';
import { Recovery } from './recovery.ts';
import type { ShardDeps } from './shard-deps.ts';
import { ShardHost } from './shard-host.ts';
import { ShardReporter } from './shard-reporter.ts';
import { Timers } from './timers.ts';

/** How long the delivery path may be silent before the pod is not ready: who asks a second after its loss is to hear so. */
const DELIVERY_DEAD_MS = 900;

/** All parts of a pod's core, connected with each other; nothing runs yet. */
export type AssembledShard = ReturnType<typeof assemble>;

/** Makes the parts and connects them. The only place that knows all of them. */
export function assemble(deps: ShardDeps) {
  const base = assembleBase(deps);
  const reading = assembleReading(deps, base);
  const duty = assembleDuty(deps, base, reading);
  const membership = assembleMembership(deps, base, reading, duty);
  const moves = assembleMoves(deps, base);
  const sessions = assembleSessions(deps, base, reading, duty, membership, moves);
  const parts = { ...base, ...reading, ...duty, ...membership, ...moves, ...sessions };
  const { store, observer, limits, surroundings } = deps;
  const { wallMs } = surroundings;
  base.host.connect({
    ...parts,
    shard: deps.shard,
    events: store.events,
    observer,
    graceMs: limits.reconnectGraceMs,
    wallMs,
  });
  return { ...parts, ...assembleIntake(deps, base, reading, membership) };
}

function assembleBase({ limits, logger, surroundings }: ShardDeps) {
  const timers = new Timers();
  const failures = new FailureLog(logger, surroundings.nowMs);
  const onFailure = (error: unknown, what: string): void => failures.note(error, what);
  const setTimer = (run: () => void, ms: number): NodeJS.Timeout => timers.after(run, ms);
  const persistence = new Persistence({ setTimer, chance: surroundings.chance, onFailure });
  const totals = createDeliveryTotals();
  const tick = new FlushTick((run) => void setImmediate(run));
  const host = new ShardHost({
    tick,
    totals,
    queueBytes: limits.queueBytes,
    frameRate: { perSecond: limits.framesPerSecond, burst: limits.frameBurst },
    nowMs: surroundings.nowMs,
  });
  const views = new ViewTable();
  return { timers, setTimer, onFailure, persistence, totals, tick, host, views, clients: new ClientTable(views) };
}
type Base = ReturnType<typeof assembleBase>;

/** Most that one read of a log brings. */
const READ_BYTES = 1_048_576;

function assembleReading({ store, limits }: ShardDeps, { persistence, tick }: Base) {
  // What a slow reader's queue does not take of a page is read again.
  const page = { maxBytes: Math.min(READ_BYTES, limits.queueBytes) };
  const reader = new LogReader((log, after) => persistence.until('read', () => store.logs.read(log, after, page)));
  const readPage: ReadPage = (view, after) => reader.page(view, after);
  const filler = new Filler(readPage, tick);
  return {
    readPage,
    filler,
    catchUp: new CatchUp(readPage, filler, limits.queueBytes),
    tails: new TailWatch(PARTITION_COUNT),
    lives: new LifeWatch(),
    canary: new Canary(DELIVERY_DEAD_MS),
  };
}
type Reading = ReturnType<typeof assembleReading>;

/** What the pod owes to presence: its lease, cursors, farewells, and reaping others. */
function assembleDuty(deps: ShardDeps, base: Base, { filler }: Reading) {
  const { shard, store, surroundings, logger } = deps;
  const { nowMs } = surroundings;
  const { persistence, clients, setTimer, onFailure } = base;
  const { presence } = store;
  const reporter = new ShardReporter(deps, clients, base.totals);
  const renewal = { hear: (): void => undefined };
  const incarnation: Incarnation = new Incarnation({
    shard,
    leases: store.leases,
    persistence,
    report: () => reporter.report(),
    newId: surroundings.newId,
    nowMs,
    onRenewed: () => {
      logger.warn({ incarnation: incarnation.id }, 'lease was lost, registered anew');
      renewal.hear();
    },
  });
  const cursorWriter = new CursorWriter({
    presence,
    incarnation,
    nowMs,
    chance: surroundings.chance,
    setTimer,
    onFailure: (error) => onFailure(error, 'cursors'),
  });
  return {
    reporter,
    /** Who hears of a new incarnation; set once there is somebody. */
    renewal,
    incarnation,
    cursorWriter,
    sweeper: assembleSweeper(deps, base, incarnation),
    farewells: new Farewells({ presence, incarnation, persistence, nowMs }),
    reassertion: new Reassertion({ shard, presence, incarnation, clients, persistence }),
    acknowledgements: new Acknowledgements({ filler, onMoved: (connection) => cursorWriter.moved(connection) }),
  };
}
type Duty = ReturnType<typeof assembleDuty>;

function assembleSweeper({ store, limits, surroundings, logger }: ShardDeps, base: Base, incarnation: Incarnation) {
  return new Sweeper({
    store,
    presence: store.presence,
    holder: () => incarnation.id,
    refusedAtMs: () => incarnation.refusedAtMs,
    leaseMs: limits.leaseMs,
    graceMs: limits.reconnectGraceMs,
    nowMs: surroundings.nowMs,
    onReaped: (reaped, clients) => logger.warn({ incarnation: reaped, clients }, 'shard lost, connections reaped'),
    onFailure: (error) => base.onFailure(error, 'sweep'),
  });
}

/** Channels and clients as they change, and what is done when something of it may have been lost. */
function assembleMembership(
  { shard, store, surroundings, logger }: ShardDeps,
  base: Base,
  reading: Reading,
  duty: Duty,
) {
  const { clients, views, tick, totals, persistence, setTimer } = base;
  const { readPage, filler, catchUp } = reading;
  const { incarnation, reassertion, farewells } = duty;
  const { channels, presence, events } = store;
  const { nowMs, wallMs } = surroundings;
  const channelViews = new ChannelViews({ shard, channels, incarnation, persistence, views, filler, tick, nowMs });
  const memberships = new Memberships({ channelViews, catchUp, readPage });
  const refresh = new ClientRefresh({ presence, channels, clients, memberships, persistence, reassertion, setTimer });
  const recovery = new Recovery({
    clients,
    views,
    filler,
    channelViews,
    refresh,
    reassertion,
    farewells,
    totals,
    events,
    persistence,
    logger,
    wallMs,
  });
  duty.renewal.hear = () => void recovery.reassert(null);
  return { channelViews, memberships, refresh, recovery };
}
type Membership = ReturnType<typeof assembleMembership>;

function assembleMoves(deps: ShardDeps, { clients, setTimer, onFailure }: Base) {
  const { shard, store, limits, logger, surroundings } = deps;
  const map: MapWatch = new MapWatch({
    map: store.map,
    notify: store.notify,
    setTimer,
    onChange: (before, now) => {
      logger.info({ epoch: now.epoch }, 'shard map changed');
      mover.mapChanged(before, now);
    },
    onFailure: (error) => {
      if (isMapFault(error)) logger.error({ err: error }, 'shard map cannot be used');
      else onFailure(error, 'map');
    },
  });
  const mover: Mover = new Mover({
    shard,
    clients,
    leases: store.leases,
    mintToken: deps.mintToken,
    map: () => map.current,
    defaultPace: limits.handshakesPerSecond,
    nowMs: surroundings.nowMs,
    idle: surroundings.idle,
    setTimer,
    onFailure: (error) => onFailure(error, 'move'),
  });
  return { map, mover };
}
type Moves = ReturnType<typeof assembleMoves>;

function assembleSessions(
  deps: ShardDeps,
  base: Base,
  reading: Reading,
  duty: Duty,
  membership: Membership,
  { map }: Moves,
) {
  const { shard, store, limits, logger, surroundings } = deps;
  const { clients, tick, host, totals } = base;
  const onFault = (error: unknown): void => logger.error({ err: error }, 'connection failed');
  const { newId, wallMs, nowMs } = surroundings;
  const resumption = new Resumption({
    shard,
    presence: store.presence,
    incarnation: duty.incarnation,
    clients,
    refresh: membership.refresh,
    memberships: membership.memberships,
    catchUp: reading.catchUp,
    filler: reading.filler,
    tick,
    limits,
    epoch: () => map.current?.epoch ?? 0,
    onRegistered: (connection) => host.registered(connection),
    onOutlived: (record) => void duty.reassertion.restore(record).catch(() => undefined),
    onWelcomed: (connection) => host.welcomed(connection),
    onRefused: (connection, code) => host.refused(connection, code),
  });
  return {
    onFault,
    resumption,
    requests: new Requests({
      flotilla: deps.flotilla,
      events: store.events,
      channelsPerClient: limits.channelsPerClient,
      newId,
      nowMs,
      wallMs,
      onFault,
    }),
    sweep: new ConnectionSweep({ clients, limits, totals, nowMs, wallMs }),
    door: new WebSocketDoor(limits.frameBytes),
  };
}

/** What comes from the store: notifies, and the tails that tell whether one is missing. */
function assembleIntake(
  { shard, store, observer, surroundings }: ShardDeps,
  base: Base,
  reading: Reading,
  membership: Membership,
) {
  const { views, clients, tick, totals, setTimer } = base;
  const { filler, tails, lives, canary } = reading;
  const { refresh, recovery } = membership;
  const generations = new GenerationWatch();
  return {
    delivery: new Delivery({
      views,
      filler,
      tick,
      tails,
      generations,
      canary,
      totals,
      wallMs: surroundings.wallMs,
      onDelivered: (ms) => observer.delivered(ms),
      passUnfollowed: (clientId, run) => clients.passUnfollowed(clientId, run),
      onClient: (clientId) => refresh.changed(clientId),
      onNewGeneration: (partition) => void recovery.reassert(new Set([partition])),
    }),
    tailPoll: new TailPoll({
      watch: tails,
      lives,
      readTails: () => store.logs.tails(shard),
      checkMasters: async () => {
        const changed = generations.compare(await store.logs.masters());
        if (changed.size > 0) void recovery.reassert(changed);
        return changed;
      },
      reread: (partitions) => recovery.reread(partitions),
      lost: (partitions) => recovery.lost(partitions),
      setTimer,
    }),
  };
}
