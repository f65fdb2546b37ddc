import type { Fleet, FleetShard } from '@flotilla-im/operator/local';
import { failuresAfter, retryDelayMs } from '../processes/supervise.ts';
import { type RunningShard, type ShardHost, shardUrl } from './shard-host.ts';

/** What the keeper tells of. */
export type FleetEvent =
  | { readonly type: 'crashed'; readonly id: number; readonly how: string; readonly retryMs: number }
  | { readonly type: 'ready'; readonly id: number };

/** What a keeper works with. */
export interface FleetKeeperDeps {
  readonly host: ShardHost;
  /** A free port for a shard, asked for once a shard. */
  readonly portOf: (id: number) => Promise<number>;
  /** Tells the operator, in order. */
  readonly publish: (fleet: Fleet) => Promise<void>;
  readonly onEvent: (event: FleetEvent) => void;
  readonly nowMs: () => number;
}

interface Member {
  readonly id: number;
  readonly port: number;
  running: RunningShard | null;
  isReady: boolean;
  isDeleting: boolean;
  /** Whether its end is wanted: then nobody starts it again. */
  isEnding: boolean;
  failures: number;
  startedMs: number;
  crashedMs: number;
  hasCrashedAgain: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** A crash so long ago is forgotten, about as the operator does it. */
const FORGOTTEN_MS = 600_000;

/** Runs the shards and starts those again that end by themselves: what a StatefulSet's controller does. */
export class FleetKeeper {
  readonly #deps: FleetKeeperDeps;
  readonly #members = new Map<number, Member>();
  #desired = 0;
  #published: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: FleetKeeperDeps) {
    this.#deps = deps;
  }

  /** How many shards are wanted. */
  get desired(): number {
    return this.#desired;
  }

  /** The ids of the shards that are there or on their way back. */
  get ids(): readonly number[] {
    return [...this.#members.keys()].sort((a, b) => a - b);
  }

  /** Whether a shard serves, as far as its keeper knows. */
  isReady(id: number): boolean {
    return this.#members.get(id)?.isReady === true;
  }

  /** Whether a shard's last crash came so soon after the one before that its slots come home later. */
  crashedAgain(id: number): boolean {
    return this.#members.get(id)?.hasCrashedAgain === true;
  }

  /**
   * Wants so many, and tells the operator. Starts those that are missing; those too many go on until they are stopped.
   *
   * @throws what `portOf` throws; then as many are wanted as before
   */
  async setDesired(count: number): Promise<void> {
    for (let id = 0; id < count; id++) if (!this.#members.has(id)) await this.#add(id);
    this.#desired = count;
    await this.#tell();
  }

  /** Marks a shard as leaving: the operator lends its slots while it still serves. */
  async markDeleting(id: number): Promise<void> {
    const member = this.#members.get(id);
    if (member !== undefined) member.isDeleting = true;
    await this.#tell();
  }

  /** Has a shard hand its clients over and end; kills it when that takes longer than this. It is not started again. */
  async stop(id: number, patienceMs: number): Promise<void> {
    const member = this.#members.get(id);
    if (member === undefined) return;
    member.isEnding = true;
    clearTimeout(member.timer);
    const { running } = member;
    running?.drain();
    const timer = setTimeout(() => running?.kill(), patienceMs);
    await running?.ended;
    clearTimeout(timer);
    await this.#tell();
  }

  /** Takes a shard that was stopped off the list. */
  async remove(id: number): Promise<void> {
    this.#members.delete(id);
    await this.#tell();
  }

  /** Starts a shard that was stopped, under its old address. */
  async startAgain(id: number): Promise<void> {
    const member = this.#members.get(id);
    if (member === undefined) return;
    Object.assign(member, { isEnding: false, isDeleting: false, failures: 0 });
    this.#run(member);
    await this.#tell();
  }

  /** A shard vanishes without a goodbye, as by `kill -9`; it is started again as after any crash. */
  kill(id: number): void {
    this.#members.get(id)?.running?.kill();
  }

  /** Stops everything, in order or, when that takes longer than this, hard. The operator is not told any more. */
  async close(patienceMs: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.ids.map((id) => this.stop(id, patienceMs)));
    await this.#published;
  }

  /** Ends everything at once. */
  killAll(): void {
    this.#isClosed = true;
    for (const member of this.#members.values()) {
      member.isEnding = true;
      clearTimeout(member.timer);
      member.running?.kill();
    }
  }

  async #add(id: number): Promise<void> {
    const port = await this.#deps.portOf(id);
    const flags = { running: null, isReady: false, isDeleting: false, isEnding: false, failures: 0 };
    const times = { startedMs: 0, crashedMs: Number.NEGATIVE_INFINITY, hasCrashedAgain: false };
    const member: Member = { id, port, ...flags, ...times, timer: undefined };
    this.#members.set(id, member);
    this.#run(member);
  }

  #run(member: Member): void {
    const running = this.#deps.host.start(member.id, member.port);
    Object.assign(member, { running, startedMs: this.#deps.nowMs() });
    void running.ready.then(() => this.#onReady(member, running));
    void running.ended.then((how) => this.#onEnd(member, running, how));
  }

  #onReady(member: Member, running: RunningShard): void {
    if (member.running !== running) return;
    member.isReady = true;
    this.#deps.onEvent({ type: 'ready', id: member.id });
    void this.#tell();
  }

  #onEnd(member: Member, running: RunningShard, how: string): void {
    if (member.running !== running) return;
    Object.assign(member, { running: null, isReady: false });
    if (!member.isEnding) {
      const nowMs = this.#deps.nowMs();
      member.hasCrashedAgain = nowMs - member.crashedMs < FORGOTTEN_MS;
      member.crashedMs = nowMs;
      member.failures = failuresAfter(member.failures, nowMs - member.startedMs);
      const retryMs = retryDelayMs(member.failures);
      member.timer = setTimeout(() => {
        this.#run(member);
        void this.#tell();
      }, retryMs);
      this.#deps.onEvent({ type: 'crashed', id: member.id, how, retryMs });
    }
    void this.#tell();
  }

  /** One publication at a time, in order, each with what is true when its turn comes. */
  #tell(): Promise<void> {
    if (!this.#isClosed) {
      this.#published = this.#published.then(() => this.#deps.publish(this.#fleet())).catch(() => {});
    }
    return this.#published;
  }

  #fleet(): Fleet {
    const shards = this.ids.map((id): FleetShard => {
      const { port, running, isReady, isDeleting } = this.#members.get(id) as Member;
      return { id, url: shardUrl(id, port), present: running !== null, ready: isReady, deleting: isDeleting };
    });
    return { desired: this.#desired, firstId: 0, shards };
  }
}
