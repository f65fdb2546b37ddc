import { type CompiledMap, ownerOfSlot, type ShardEntry, webSocketUrl } from '@flotilla-im/protocol';
import type { LeaseStore, ShardReport } from '@flotilla-im/store';
import type { ClientTable } from '../connections/client-table.ts';
import type { Connection } from '../connections/connection.ts';
import { endingWith } from '../connections/ending.ts';
import { type Bucket, fullBucket, takeToken } from '../limits/token-bucket.ts';
import type { MintToken } from '../shard/shard-deps.ts';
import { destinationOf, reportsByShard, takersOf } from './destinations.ts';
import { Restraint } from './restraint.ts';
import { Senders } from './senders.ts';

/** How often the queues are served. */
const TICK_MS = 50;
/** Who was told and is still here is told again: its token has expired. */
const AGAIN_MS = 12_000;
/** Sooner while this shard leaves: the other one may have had too many arrivals in that moment, and there is little time. */
const AGAIN_LEAVING_MS = 2_000;
/** Reports of other shards are read again so often while there is somebody to move. */
const REPORTS_MS = 500;
/** Part of a shard's pace that moves may take; the rest is for those who come by themselves. */
const SHARE = 0.8;

/** What the mover needs. */
export interface MoverDeps {
  readonly shard: number;
  readonly clients: ClientTable;
  readonly leases: Pick<LeaseStore, 'list'>;
  readonly mintToken: MintToken;
  readonly map: () => CompiledMap | null;
  /** Pace of a shard that reports none. */
  readonly defaultPace: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** The part of the machine's processors that nobody used of late; null where that is not known. */
  readonly idle: () => number | null;
  readonly setTimer: (run: () => void, ms: number) => unknown;
  readonly onFailure: (error: unknown) => void;
}

interface Queue {
  readonly bucket: Bucket;
  readonly waiting: Set<Connection>;
}

/** How the pod leaves: not at all, only where the map says so, or wherever else there is room. */
export type Leaving = 'no' | 'by-map' | 'anywhere';

/** Sends clients to the shards that own their slots, no faster than those take arrivals. */
export class Mover {
  readonly #deps: MoverDeps;
  readonly #queues = new Map<number, Queue>();
  readonly #senders = new Senders();
  #reports: ReadonlyMap<number, ShardReport> = new Map();
  #reportsAtMs = Number.NEGATIVE_INFINITY;
  #isReading = false;
  readonly #restraint = new Restraint();
  #isTicking = false;
  /** Shards that take clients. */
  #takers: readonly ShardEntry[] = [];
  leaving: Leaving = 'no';
  /** When everybody should be gone, whatever that costs. */
  goneByMs = Number.POSITIVE_INFINITY;

  constructor(deps: MoverDeps) {
    this.#deps = deps;
  }

  /** The map changed: who belongs elsewhere now is queued. */
  mapChanged(before: CompiledMap | null, now: CompiledMap): void {
    this.#senders.mapChanged(before, now);
    this.#forgetReports(now);
    this.queueAll();
  }

  /** Queues everybody that belongs elsewhere. Returns how many connections belong elsewhere, whatever they speak. */
  queueAll(): number {
    const nowMs = this.#deps.nowMs();
    let guests = 0;
    for (const connection of this.#deps.clients.connections) {
      if (this.queue(connection, nowMs)) guests += 1;
    }
    return guests;
  }

  /** Queues one connection if it belongs elsewhere and can be moved. Returns whether it is a guest. */
  queue(connection: Connection, nowMs: number): boolean {
    if (connection.phase !== 'open') return false;
    // Who cannot go now waits for it: nothing else would bring the other shard's report up to date.
    const destination = this.#destination(connection) ?? this.#ownerElsewhere(connection);
    if (destination === null) {
      // Where it was told to go before it did not get, or was sent back from: the shard was gone, or the map came late.
      connection.movedTo = -1;
      return false;
    }
    const canMove = connection.transport.kind === 'v1' || this.leaving !== 'no';
    const againMs = this.leaving === 'no' ? AGAIN_MS : AGAIN_LEAVING_MS;
    if (canMove && !wasTold(connection, destination, nowMs - againMs)) {
      this.#queueFor(destination.id).waiting.add(connection);
      this.#startTicking();
    }
    return true;
  }

  /** Whether no other shard takes clients. */
  get isAlone(): boolean {
    return this.#takers.length === 0;
  }

  /** Whether another shard reports to be up that the map does not name yet, or calls away: another map will come. */
  get isMapBehind(): boolean {
    const shards = this.#deps.map()?.map.shards.filter(({ state }) => state !== 'away');
    const named = new Set(shards?.map(({ id }) => id));
    return [...this.#reports].some(([id, { state }]) => id !== this.#deps.shard && state === 'up' && !named.has(id));
  }

  /** How many wait to be moved. */
  get waiting(): number {
    let count = 0;
    for (const { waiting } of this.#queues.values()) count += waiting.size;
    return count;
  }

  /** Only while somebody waits: most of the time nobody does. */
  #startTicking(): void {
    if (this.#isTicking) return;
    this.#restraint.begin();
    this.#tickLater();
  }

  #tickLater(): void {
    const dueMs = this.#deps.nowMs() + TICK_MS;
    this.#isTicking = true;
    this.#deps.setTimer(() => {
      this.#isTicking = false;
      this.#restraint.tick(this.#deps.nowMs() - dueMs, this.#deps.idle());
      this.tick();
      if (this.waiting > 0) this.#tickLater();
      else if (this.leaving === 'no') this.#forgetReports(this.#deps.map());
    }, TICK_MS);
  }

  /** Moves as many as the paces allow now, and as the pod has time for. */
  tick(): void {
    if (this.waiting === 0) return;
    const nowMs = this.#deps.nowMs();
    void this.readReports();
    const busy = [...this.#queues].filter(([, { waiting }]) => waiting.size > 0);
    for (const [shard, queue] of busy) this.#serve(shard, queue, busy.length, nowMs);
  }

  #serve(shard: number, { bucket, waiting }: Queue, shards: number, nowMs: number): void {
    const pace = this.#reports.get(shard)?.pace ?? this.#deps.defaultPace;
    const most = (pace * SHARE) / this.#senders.countTo(shard, this.#reports);
    const needed = (waiting.size * 1_000) / Math.max(TICK_MS, this.goneByMs - nowMs);
    const perSecond = Math.min(most, Math.max(this.#restraint.rateOf(most, shards), needed));
    const rate = { perSecond, burst: Math.max(1, (perSecond * TICK_MS) / 500) };
    for (const connection of waiting) {
      const destination = connection.phase === 'open' ? this.#destination(connection) : null;
      if (destination === null && this.#ownerElsewhere(connection)?.id === shard) continue;
      if (destination?.id !== shard) {
        waiting.delete(connection);
        continue;
      }
      if (takeToken(bucket, rate, nowMs) > 0) return;
      waiting.delete(connection);
      this.#move(connection, destination, nowMs);
    }
  }

  #move(connection: Connection, destination: ShardEntry, nowMs: number): void {
    if (connection.transport.kind !== 'v1') {
      connection.end(endingWith(1012));
      return;
    }
    connection.movedAtMs = Math.max(1, Math.trunc(nowMs));
    connection.movedTo = destination.id;
    this.#tell(connection, destination).catch((error: unknown) => {
      connection.movedAtMs = 0;
      this.#deps.onFailure(error);
    });
  }

  async #tell(connection: Connection, { url }: ShardEntry): Promise<void> {
    const { jti: _jti, iat: _iat, exp: _exp, grants: _grants, life: _life, ...claims } = connection.claims;
    const { grants, grantedFirst, record } = connection;
    const life = record?.life ?? null;
    // What business replaces grants with holds for older tokens, and this shard may hear of that later than it makes this one.
    const token = await this.#deps.mintToken({
      ...claims,
      ...(grants === undefined ? {} : { grants }),
      continues: connection.connection,
      ...(life === null ? {} : { life }),
      granted: grantedFirst,
    });
    connection.tell({ type: 'moved', url: webSocketUrl(url), token, epoch: this.#deps.map()?.epoch ?? 0 });
  }

  #destination({ record }: Connection): ShardEntry | null {
    if (record === null) return null;
    return destinationOf(this.#deps.map(), record.slot, this.#deps.shard, this.#takers, this.leaving === 'anywhere');
  }

  /** The other shard that the map gives the slot to, whether it takes clients now or not. */
  #ownerElsewhere({ record, phase }: Connection): ShardEntry | null {
    const map = this.#deps.map();
    if (record === null || map === null || phase !== 'open') return null;
    const owner = ownerOfSlot(map, record.slot);
    return owner !== null && owner.id !== this.#deps.shard && owner.state === 'up' ? owner : null;
  }

  #queueFor(shard: number): Queue {
    let queue = this.#queues.get(shard);
    if (queue === undefined) this.#queues.set(shard, (queue = { bucket: fullBucket(), waiting: new Set() }));
    return queue;
  }

  /** What was read for an earlier move says nothing of shards that are new, or back: until it is read again the map counts. */
  #forgetReports(map: CompiledMap | null): void {
    this.#reports = new Map();
    this.#reportsAtMs = Number.NEGATIVE_INFINITY;
    this.#takers = takersOf(map, this.#deps.shard, this.#reports);
  }

  /** What the other shards report, unless it was read just now. Never rejects: until it is known defaults count. */
  async readReports(): Promise<void> {
    const nowMs = this.#deps.nowMs();
    if (this.#isReading || nowMs - this.#reportsAtMs < REPORTS_MS) return;
    this.#isReading = true;
    try {
      const leases = await this.#deps.leases.list();
      // Nobody waits any more: for the next move this would be old.
      if (this.waiting === 0 && this.leaving === 'no') return;
      this.#reports = reportsByShard(leases);
      this.#reportsAtMs = nowMs;
      this.#takers = takersOf(this.#deps.map(), this.#deps.shard, this.#reports);
    } catch (error) {
      this.#deps.onFailure(error);
    } finally {
      this.#isReading = false;
    }
  }
}

/** Whether it was told of that very shard since then: one that it was told of before may have gone meanwhile. */
function wasTold({ movedAtMs, movedTo }: Connection, { id }: ShardEntry, sinceMs: number): boolean {
  return movedAtMs > 0 && movedTo === id && movedAtMs > sinceMs;
}
