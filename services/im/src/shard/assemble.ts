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
import { Persistence } from './persistence.ts';
import { Recovery } from './recovery.ts';
import type { ShardDeps } from './shard-deps.ts';
import { ShardHost } from './shard-host.ts';
import { ShardReporter } from './shard-reporter.ts';
import { Timers } from './timers.ts';

/** How long the delivery path may be silent before the pod is not ready. */
const DELIVERY_DEAD_MS = 1_000;

/** All parts of a pod's core, connected with each other; nothing runs yet. */
export type AssembledShard = ReturnType<typeof assemble>;

/** Makes the parts and connects them. The only place that knows all of them. */
export function assemble(deps: ShardDeps) {
  const base = assembleBase(deps);
  const delivery = assembleDelivery(deps, base);
  const duty = assembleDuty(deps, base, delivery);
  const serving = assembleServing(deps, base, delivery, duty);
  return { ...base, ...delivery, ...duty, ...serving };
}

function assembleBase({ limits, logger, surroundings }: ShardDeps) {
  const timers = new Timers();
  const onFailure = (error: unknown, what: string): void => {
    logger.warn({ err: error, what }, 'store failed, trying again');
  };
  const persistence = new Persistence({
    setTimer: (run, ms) => timers.after(run, ms),
    chance: surroundings.chance,
    onFailure,
  });
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
  return { timers, onFailure, persistence, totals, tick, host, views, clients: new ClientTable(views) };
}
type Base = ReturnType<typeof assembleBase>;

function assembleDelivery({ store }: ShardDeps, { persistence, tick }: Base) {
  const reader = new LogReader((log, after) => persistence.until('read', () => store.logs.read(log, after)));
  const readPage: ReadPage = (view, after) => reader.page(view, after);
  const filler = new Filler(readPage, tick);
  return {
    readPage,
    filler,
    catchUp: new CatchUp(readPage, filler),
    tails: new TailWatch(PARTITION_COUNT),
    canary: new Canary(DELIVERY_DEAD_MS),
  };
}
type DeliveryParts = ReturnType<typeof assembleDelivery>;

function assembleDuty(deps: ShardDeps, base: Base, { filler }: DeliveryParts) {
  const { shard, store, surroundings, limits, logger } = deps;
  const { persistence, timers, clients, views, tick } = base;
  const reporter = new ShardReporter(deps, clients, base.totals);
  let onRenewed = (): void => undefined;
  const incarnation = new Incarnation({
    shard,
    leases: store.leases,
    persistence,
    report: () => reporter.report(),
    newId: surroundings.newId,
    nowMs: surroundings.nowMs,
    onRenewed: () => {
      logger.warn({ incarnation: incarnation.id }, 'lease was lost, registered anew');
      onRenewed();
    },
  });
  const { nowMs } = surroundings;
  const { channels, presence } = store;
  const channelViews = new ChannelViews({ shard, channels, incarnation, persistence, views, filler, tick, nowMs });
  const setTimer = (run: () => void, ms: number): unknown => timers.after(run, ms);
  const onFailure = (error: unknown): void => base.onFailure(error, 'cursors');
  const cursorWriter = new CursorWriter({ presence, incarnation, nowMs, setTimer, onFailure });
  const sweeper = new Sweeper({
    store,
    presence,
    holder: () => incarnation.id,
    leaseMs: limits.leaseMs,
    graceMs: limits.reconnectGraceMs,
    nowMs,
    onReaped: (reaped, count) => logger.warn({ incarnation: reaped, clients: count }, 'shard lost, connections reaped'),
    onFailure: (error) => base.onFailure(error, 'sweep'),
  });
  return {
    reporter,
    incarnation,
    channelViews,
    cursorWriter,
    sweeper,
    farewells: new Farewells({ presence, incarnation, persistence }),
    reassertion: new Reassertion({ shard, presence, incarnation, clients, persistence }),
    acknowledgements: new Acknowledgements({ filler, onMoved: (connection) => cursorWriter.moved(connection) }),
    /** Sets who hears of a new incarnation. */
    setOnRenewed: (run: () => void): void => {
      onRenewed = run;
    },
  };
}
type Duty = ReturnType<typeof assembleDuty>;

function assembleServing(deps: ShardDeps, base: Base, delivered: DeliveryParts, duty: Duty) {
  const { shard, store, limits, logger, surroundings, observer } = deps;
  const { clients, views, tick, totals, persistence, timers, host } = base;
  const { readPage, filler, catchUp, tails, canary } = delivered;
  const { incarnation, channelViews, reassertion } = duty;
  const setTimer = (run: () => void, ms: number): NodeJS.Timeout => timers.after(run, ms);
  const memberships = new Memberships({ channelViews, catchUp, readPage });
  const refresh = new ClientRefresh({
    presence: store.presence,
    channels: store.channels,
    clients,
    memberships,
    persistence,
    setTimer,
  });
  const recovery = new Recovery({ clients, views, filler, channelViews, refresh, reassertion, totals });
  duty.setOnRenewed(() => void recovery.reassert(null));
  const map = new MapWatch({
    map: store.map,
    notify: store.notify,
    setTimer,
    onChange: (before, now) => {
      logger.info({ epoch: now.epoch }, 'shard map changed');
      mover.mapChanged(before, now);
    },
    onFailure: (error) => {
      if (isMapFault(error)) logger.error({ err: error }, 'shard map cannot be used');
      else base.onFailure(error, 'map');
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
    onFailure: (error) => base.onFailure(error, 'move'),
  });
  const onFault = (error: unknown): void => logger.error({ err: error }, 'connection failed');
  const resumption = new Resumption({
    shard,
    presence: store.presence,
    incarnation,
    clients,
    refresh,
    memberships,
    catchUp,
    filler,
    tick,
    limits,
    epoch: () => map.current?.epoch ?? 0,
    onRegistered: (connection) => host.registered(connection),
    onWelcomed: (connection) => host.welcomed(connection),
    onRefused: (connection, code) => host.refused(connection, code),
    onFault,
  });
  const requests = new Requests({
    flotilla: deps.flotilla,
    events: store.events,
    newId: surroundings.newId,
    wallMs: surroundings.wallMs,
    onFault,
  });
  host.connect({
    clients,
    resumption,
    acknowledgements: duty.acknowledgements,
    cursorWriter: duty.cursorWriter,
    farewells: duty.farewells,
    memberships,
    requests,
    catchUp,
    mover,
    events: store.events,
    persistence,
    observer,
    graceMs: limits.reconnectGraceMs,
    wallMs: surroundings.wallMs,
  });
  const delivery = new Delivery({
    views,
    filler,
    tick,
    tails,
    generations: new GenerationWatch(),
    canary,
    totals,
    wallMs: surroundings.wallMs,
    onDelivered: (ms) => observer.delivered(ms),
    onClient: (clientId) => refresh.changed(clientId),
    onNewGeneration: (partition) => void recovery.reassert(new Set([partition])),
  });
  const tailPoll = new TailPoll({
    watch: tails,
    readTails: () => store.logs.tails(shard),
    reread: (partitions) => recovery.reread(partitions),
    setTimer,
  });
  const sweep = new ConnectionSweep({
    clients,
    limits,
    totals,
    nowMs: surroundings.nowMs,
    wallMs: surroundings.wallMs,
  });
  return {
    memberships,
    refresh,
    recovery,
    map,
    mover,
    delivery,
    tailPoll,
    sweep,
    door: new WebSocketDoor(limits.frameBytes),
  };
}
