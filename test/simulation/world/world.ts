import { createMemoryAuthority } from '../../../operator/src/local/memory-authority.ts';
import { createKeys } from '../../../sdk/store/src/keys.ts';
import { Ledger } from '../checks/ledger.ts';
import { MembershipRecord } from '../checks/membership-record.ts';
import { MapRecord } from '../checks/map-watch.ts';
import { PresenceRecord } from '../checks/presence-record.ts';
import { Violation } from '../checks/violation.ts';
import { Switchboard } from '../network/dialling.ts';
import { RedisHost } from '../network/redis-host.ts';
import { Chance } from '../platform/chance.ts';
import { Loop } from '../platform/loop.ts';
import { SimulatedProcess } from '../platform/process.ts';
import type { Action, Schedule } from '../schedule/action.ts';
import { Client } from './client.ts';
import { Club, CLUB } from './club.ts';
import { SimulatedFleet } from './fleet.ts';
import { MapApi } from './map-api.ts';
import { Judge } from './judge.ts';
import { Operators } from './operators.ts';
import { briefly } from './quiet-logger.ts';
import { Recollection } from './recollection.ts';
import { Rest } from './rest.ts';
import { Requests } from './requests.ts';
import { Service } from './service.ts';
import { CLUSTER, LIMITS } from './settings.ts';
import { runShard } from './shard-process.ts';

/** Hears what happens, for a trace. */
export type Trace = (nowMs: number, who: string, what: string) => void;

/** Channels that all clients are in from the beginning. */
const CHANNELS = ['news', 'sport'];
const ALL_CHANNELS = [...CHANNELS, CLUB];
/** How long nothing may have been disturbed for presence to be beyond doubt. */
const SETTLED_MS = LIMITS.leaseMs + LIMITS.reconnectGraceMs + 1_500;
const SENDERS = 1;
const MAP_KEY = createKeys(CLUSTER).map;

/** A whole cluster with its clients and services, in one process and on one clock. */
export class World {
  readonly seed: number;
  readonly loop: Loop;
  readonly redis: RedisHost;
  readonly fleet: SimulatedFleet;
  readonly ledger: Ledger;
  readonly club: Club;
  readonly requests: Requests;
  readonly maps: MapRecord;
  readonly api: MapApi;
  readonly operators: Operators;
  readonly presence: PresenceRecord;
  readonly clients: Client[] = [];
  readonly senders: readonly Service[];
  readonly environment: SimulatedProcess;
  /** When something was last disturbed, or ended to be. */
  disturbedAtMs = 0;
  /** Connections may not break in calm times. */
  isCalm = true;
  /** Faults that are not over. */
  faults = 0;
  /** Processes whose wall clocks are wrong. */
  wrongClocks = 0;
  clocksRightAtMs = 0;
  readonly #backend: Service;
  readonly #recollection: Recollection;
  readonly #rest: Rest;
  readonly #judge: Judge;
  readonly #switchboard: Switchboard;
  readonly #memberships: MembershipRecord;
  readonly #trace: Trace | null;
  #violation: Violation | null = null;

  constructor(seed: number, drain: () => void, trace: Trace | null) {
    this.seed = seed;
    this.loop = new Loop(drain);
    this.#trace = trace;
    this.environment = new SimulatedProcess(this.loop, 'environment', seed);
    const chance = new Chance(seed, 'redis host');
    this.redis = new RedisHost(this.loop, seed, chance, (args) => this.#streamed(args));
    this.#memberships = new MembershipRecord({
      nowMs: () => this.loop.nowMs,
      sinceMs: () => (this.faults > 0 ? Infinity : this.disturbedAtMs),
      isCalm: () => this.isCalm,
    });
    this.ledger = new Ledger(() => this.loop.nowMs, this.#memberships);
    this.maps = new MapRecord((violation) => this.fail(violation));
    this.presence = new PresenceRecord((clientId) => this.#isServedBeyondDoubt(clientId));
    this.#switchboard = new Switchboard(this.loop, seed);
    this.api = new MapApi(this.loop, seed, this.maps.watch(createMemoryAuthority()));
    this.#backend = new Service(this.loop, seed, 'backend', this.ledger);
    // The backend sends as well.
    const others = Array.from({ length: SENDERS }, (_, i) => new Service(this.loop, seed, `sender-${i}`, this.ledger));
    this.senders = [...others, this.#backend];
    this.fleet = new SimulatedFleet(this.loop, seed, (shard, process, onReady) => {
      const { switchboard, hear } = { switchboard: this.#switchboard, hear: this.#hear(process.name) };
      const onFault = (error: unknown): void => this.#fault(process.name, error);
      process.onEnd(() => this.#recollection.shardEnded());
      void runShard({ shard, process, switchboard, hear, onReady, onFault });
    });
    const { clients, ledger, wires, redis } = this;
    this.requests = new Requests({ ledger, record: this.#memberships, fail: (violation) => this.fail(violation) });
    const rejoined = (clientId: string, log: string): void => ledger.rejoined(clientId, log);
    this.club = new Club({ record: this.#memberships, redis, clients, rejoined });
    const common = { loop: this.loop, environment: this.environment, backend: this.#backend, clients, ledger, wires };
    this.#recollection = new Recollection({ ...common, channels: CHANNELS, club: this.club });
    this.#rest = new Rest(this, this.#recollection);
    this.#judge = new Judge({
      nowMs: () => this.loop.nowMs,
      ledger,
      memberships: this.#memberships,
      recollection: this.#recollection,
      isCalm: () => this.isCalm,
      quietSinceMs: () => this.#quietSinceMs,
      fail: (violation) => this.fail(violation),
      trace: (who, what) => this.#trace?.(this.loop.nowMs, who, what),
    });
    this.operators = new Operators({
      loop: this.loop,
      seed,
      fleet: this.fleet,
      api: this.api,
      hear: (name) => this.#hear(name),
      onFault: (name, error) => this.#fault(name, error),
    });
  }

  /** The first rule that was broken. */
  get violation(): Violation | null {
    return this.#violation;
  }

  isBroken(): boolean {
    return this.#violation !== null;
  }

  fail(violation: Violation): void {
    this.#violation ??= violation;
  }

  /** Runs what is due before a time. Stops at the first broken rule. */
  run(untilMs: number): void {
    while (this.#violation === null && this.loop.step(untilMs));
  }

  /** Runs until something holds, looking now and then. False: it did not come to hold in that time. */
  runUntil(holds: () => boolean, withinMs: number): boolean {
    const endMs = this.loop.nowMs + withinMs;
    while (this.#violation === null && this.loop.nowMs < endMs) {
      if (holds()) return true;
      this.run(this.loop.nowMs + 50);
    }
    return this.#violation === null && holds();
  }

  /** The cluster, its services and its clients, all up. */
  begin({ shards, clients, operators }: Schedule): void {
    this.operators.begin(operators);
    this.within(() => this.fleet.scale(shards));
    const isUp = (): boolean => this.#backend.flotilla !== null && this.senders.every((one) => one.flotilla !== null);
    if (!this.runUntil(() => isUp() && this.#rest.isMapWhole(), 8_000)) this.#stuck(['the cluster did not start']);
    const ids = Array.from({ length: clients }, (_, i) => `client-${i}`);
    const joined = { count: 0 };
    for (const channel of CHANNELS) {
      this.#backend.run(async (flotilla) => {
        await flotilla.channels.join(channel, ids);
        joined.count += 1;
      });
    }
    if (!this.runUntil(() => joined.count === CHANNELS.length, 2_000)) this.#stuck(['channels were not joined']);
    for (const clientId of ids) this.#add(clientId);
    if (!this.runUntil(() => this.clients.every((one) => one.connectedSinceMs !== null), 4_000)) {
      this.#stuck(['clients did not connect']);
    }
  }

  /** Runs something between two steps, as the surroundings of all processes do. */
  within(run: () => void): void {
    this.loop.within(this.environment, run);
  }

  /** A replica takes over that has everything up to now, and nothing of what comes within so many milliseconds. */
  promote(lagMs: number): void {
    const { loop, environment, redis } = this;
    const copy = redis.server.keys.copy();
    const fromMs = loop.nowMs;
    this.faults += 1;
    loop.after(lagMs, environment, () => {
      this.faults -= 1;
      this.disturbedAtMs = loop.nowMs;
      this.ledger.loseSince(fromMs);
      this.#memberships.loseSince(fromMs);
      this.presence.lose();
      redis.promote(copy);
      this.maps.promote();
    });
  }

  /** Redis loses everything. */
  loseAll(): void {
    this.ledger.lose();
    this.#memberships.lose();
    this.presence.lose();
    this.redis.server.keys.clear();
    this.#recollection.lost();
  }

  get wires(): Switchboard['wires'] {
    return this.#switchboard.wires;
  }

  get channels(): readonly string[] {
    return ALL_CHANNELS;
  }

  trace(action: Action): void {
    this.#trace?.(this.loop.nowMs, 'schedule', JSON.stringify(action));
  }

  /** What is not yet as it should be when nothing happens any more. */
  unsettled(): string[] {
    if (this.faults > 0) return ['faults last'];
    return this.wrongClocks > 0 ? ['clocks are wrong'] : this.#rest.unsettled();
  }

  /** Looks at what shards and clients say of themselves. @throws {Violation} slots, membership */
  checkShares(): void {
    for (const { shard, core, process } of this.fleet.pods) {
      const levels = core?.levels();
      if (levels !== undefined) this.maps.checkShare(shard, process.name, levels.epoch, levels.slotsOwned);
    }
    this.maps.checkMirror(this.redis.server.keys.get(MAP_KEY, 'hash'));
    this.club.check();
    for (const client of this.clients) this.#judge.check(client);
  }

  #add(clientId: string): void {
    const logs = [`inbox ${clientId}`, ...ALL_CHANNELS.map((channel) => `channel ${channel}`)];
    for (const log of logs) this.ledger.follow(clientId, log);
    this.requests.add(clientId);
    const made: { client: Client | null } = { client: null };
    const ears = this.#judge.earsOf(clientId, () => made.client);
    const { loop, seed } = this;
    const common = { loop, seed, switchboard: this.#switchboard, backend: this.#backend, channels: CHANNELS };
    const grantsOf = (of: string): ReturnType<Requests['grantsOf']> => this.requests.grantsOf(of);
    made.client = new Client({ ...common, clientId, ears, grantsOf });
    this.clients.push(made.client);
  }

  #streamed(args: readonly string[]): void {
    const json = args[args.indexOf('e') + 1] ?? '';
    if (json.startsWith('{"type":"lost"')) this.#recollection.joinAll();
    if (json.startsWith('{"type":"frame"')) this.#judge.run(() => this.requests.streamed(json));
    if (!json.startsWith('{"type":"o')) return;
    this.#trace?.(this.loop.nowMs, 'presence', json);
    this.#judge.run(() => this.presence.event(json));
  }

  /** Wrong clocks disturb as well, where nobody is let in by them. */
  get #quietSinceMs(): number {
    return this.faults > 0 || this.wrongClocks > 0 ? Infinity : Math.max(this.disturbedAtMs, this.clocksRightAtMs);
  }

  #isServedBeyondDoubt(clientId: string): boolean {
    const client = this.clients.find((one) => one.clientId === clientId);
    const sinceMs = Math.max(client?.connectedSinceMs ?? Infinity, this.disturbedAtMs);
    return this.loop.nowMs - sinceMs > SETTLED_MS;
  }

  #hear(name: string): (level: string, fields: unknown, text: string) => void {
    return (level, fields, text) => {
      this.#trace?.(this.loop.nowMs, name, `${level} ${text} ${briefly(fields)}`);
      if (level === 'error' || level === 'fatal') this.#fault(name, (fields as { err?: unknown }).err ?? text);
    };
  }

  #fault(name: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.fail(new Violation('fault', `${name}: ${text}`));
  }

  #stuck(what: readonly string[]): void {
    this.fail(new Violation('stuck', [...what, ...this.unsettled()].join('; ')));
  }
}
