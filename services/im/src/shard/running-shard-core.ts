import { FlotillaError } from '@flotilla-im/protocol';
import type { Subscription } from '@flotilla-im/store';
import { Connection } from '../connections/connection.ts';
import { SWEEP_MS } from '../connections/connection-sweep.ts';
import type { Arrival, Session } from '../connections/session.ts';
import type { Transport } from '../connections/transport.ts';
import type { Condition } from '../http/readiness.ts';
import type { Levels, Totals } from '../metrics/figures.ts';
import { slotsOwned } from '../moves/destinations.ts';
import { closeRest, drain } from '../moves/drain.ts';
import { PlainTransport } from '../plain/plain-transport.ts';
import { SWEEPER_MS } from '../presence-duty/sweeper.ts';
import { V1Transport } from '../v1/v1-transport.ts';
import type { AssembledShard } from './assemble.ts';
import type { ShardCore, Upgrade, WebSocketProtocol } from './shard-core.ts';
import type { ShardDeps } from './shard-deps.ts';

/** Canaries go out so often: one that is lost does not make the path dead. */
const CANARY_MS = 250;
/** Logs that were quiet for so long keep no messages at hand. */
const FORGET_MS = 10_000;
/** How long a pod that ends waits for the store to take what is left. */
const LAST_WORDS_MS = 2_000;

/** A pod's core while it runs. */
export class RunningShardCore implements ShardCore {
  readonly shard: number;
  readonly #deps: ShardDeps;
  readonly #parts: AssembledShard;
  #subscription: Subscription | null = null;
  #draining: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(deps: ShardDeps, parts: AssembledShard) {
    this.shard = deps.shard;
    this.#deps = deps;
    this.#parts = parts;
    parts.reporter.map = () => parts.map.current;
    parts.reporter.moving = () => parts.mover.waiting;
  }

  get state(): ShardCore['state'] {
    return this.#parts.reporter.state;
  }

  /** Everything up to the first connection. */
  async start(): Promise<void> {
    const { delivery, canary, recovery, incarnation, map, persistence, tailPoll, totals } = this.#parts;
    this.#subscription = await this.#deps.store.notify.subscribe(this.shard, {
      notify: (notify) => delivery.notify(notify),
      unreadable: () => void (totals.unreadable += 1),
      connected: () => {
        persistence.hurry();
        void recovery.reassert(null);
      },
      disconnected: () => canary.broken(),
    });
    await tailPoll.settleAll();
    await incarnation.register();
    await map.start();
    this.#startTimers();
  }

  /** Takes connections from now on. */
  open(): void {
    this.#parts.reporter.state = 'up';
    void this.#parts.incarnation.beat();
  }

  #startTimers(): void {
    const { timers, incarnation, sweeper, sweep, channelViews, mover, tailPoll, views } = this.#parts;
    timers.every(() => void incarnation.beat(), this.#deps.limits.leaseHeartbeatMs);
    timers.every(() => void sweeper.sweep(), SWEEPER_MS);
    timers.every(() => void this.#sendCanary(), CANARY_MS);
    timers.every(() => {
      sweep.sweep();
      channelViews.sweep();
    }, SWEEP_MS);
    timers.every(() => {
      for (const view of views.all()) view.cool();
      mover.queueAll();
    }, FORGET_MS);
    tailPoll.start();
    void this.#sendCanary();
  }

  /** Never rejects: a canary that cannot be sent does not come back either. */
  async #sendCanary(): Promise<void> {
    const { surroundings, store } = this.#deps;
    const id = surroundings.newId();
    this.#parts.canary.sent(id, surroundings.nowMs());
    try {
      await store.notify.publishCanary(this.shard, id);
    } catch {
      // Readiness tells.
    }
  }

  conditions(): readonly Condition[] {
    const { canary, incarnation } = this.#parts;
    const nowMs = this.#deps.surroundings.nowMs();
    const isDelivered = canary.isAlive(nowMs);
    const isLeased = nowMs - incarnation.beatAtMs <= this.#deps.limits.leaseMs;
    return [
      { name: 'delivery', holds: isDelivered, ...(isDelivered ? {} : { why: 'nothing comes through from the store' }) },
      { name: 'lease', holds: isLeased, ...(isLeased ? {} : { why: 'the lease could not be renewed' }) },
    ];
  }

  accept(transport: Transport, arrival: Arrival): Session {
    if (this.state === 'draining') throw new FlotillaError('draining', 'this shard is leaving');
    const { host, clients } = this.#parts;
    const { newId, nowMs } = this.#deps.surroundings;
    const connection = new Connection(host, transport, arrival, newId(), nowMs());
    clients.add(connection);
    return connection;
  }

  openWebSocket(upgrade: Upgrade, protocol: WebSocketProtocol, arrival: Arrival): void {
    if (this.state === 'draining') {
      this.refuseWebSocket(upgrade, protocol, new FlotillaError('draining', 'this shard is leaving'));
      arrival.release();
      return;
    }
    const { limits, surroundings } = this.#deps;
    this.#parts.door.open(
      upgrade,
      (ws, socket) => {
        const transport =
          protocol === 'v1'
            ? new V1Transport(ws, socket, limits)
            : new PlainTransport(ws, socket, { heartbeatMs: limits.heartbeatMs, nowMs: surroundings.nowMs });
        const session = this.accept(transport, arrival);
        transport.session = session;
        if (protocol === 'plain') session.resume({});
      },
      arrival.release,
    );
  }

  refuseWebSocket(upgrade: Upgrade, protocol: WebSocketProtocol, error: FlotillaError): void {
    this.#parts.door.refuse(upgrade, protocol, error);
  }

  drain(): Promise<void> {
    this.#draining ??= this.#drain();
    return this.#draining;
  }

  async #drain(): Promise<void> {
    const { clients, mover, map, incarnation } = this.#parts;
    const { surroundings, limits, logger } = this.#deps;
    logger.info({ connections: clients.connections.length }, 'drain begins');
    this.#parts.reporter.state = 'draining';
    void incarnation.beat();
    const { nowMs } = surroundings;
    await drain({
      shard: this.shard,
      clients,
      mover,
      map: () => map.current,
      drainMs: limits.drainMs,
      nowMs,
      sleep: (ms) => this.#sleep(ms),
    });
    logger.info({}, 'drain ended');
    await this.#end();
  }

  close(): Promise<void> {
    this.#closing ??= this.#draining ?? this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#parts.reporter.state = 'draining';
    await closeRest({
      clients: this.#parts.clients,
      nowMs: this.#deps.surroundings.nowMs,
      sleep: (ms) => this.#sleep(ms),
    });
    await this.#end();
  }

  /** The store hears the rest, and forgets this incarnation: nobody is left to be reaped. */
  async #end(): Promise<void> {
    const { farewells, incarnation, persistence, timers, tailPoll, map } = this.#parts;
    const { store, limits, logger } = this.#deps;
    await within(LAST_WORDS_MS, farewells.settled());
    tailPoll.close();
    try {
      // Interest in channels goes with it. A store that is away keeps all of it; the lease lapses, and others reap.
      const forgotten = incarnation.release((id) => store.presence.reap(id, limits.reconnectGraceMs));
      await within(LAST_WORDS_MS, forgotten);
      await map.close();
      await this.#subscription?.close();
    } catch (error) {
      logger.warn({ err: error }, 'the store did not hear the end');
    }
    persistence.close();
    timers.close();
  }

  kill(): void {
    const { host, persistence, timers, tailPoll, clients, map } = this.#parts;
    host.isMute = true;
    persistence.close();
    timers.close();
    tailPoll.close();
    this.#parts.reporter.state = 'draining';
    for (const connection of [...clients.connections]) connection.transport.terminate();
    map.close().catch(ignore);
    this.#subscription?.close().catch(ignore);
  }

  totals(): Totals {
    const { totals, filler } = this.#parts;
    return { ...totals, gapFills: filler.fills };
  }

  levels(): Levels {
    const { reporter, map } = this.#parts;
    return {
      connections: reporter.byKind(),
      guests: reporter.guests(),
      slotsOwned: slotsOwned(map.current, this.shard),
      epoch: map.current?.epoch ?? 0,
      queuedBytes: reporter.queuedBytes(),
      conditions: Object.fromEntries(this.conditions().map(({ name, holds }) => [name, holds])),
    };
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void setTimeout(resolve, ms));
  }
}

/** Waits for something, but not longer than so many milliseconds. @throws what it rejects with in that time */
async function within(ms: number, something: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([something, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function ignore(): void {
  // A pod that plays dead does not care.
}
