import type { Fleet, FleetShard, FleetSource } from '../../../operator/src/observe/fleet-source.ts';
import type { ShardCore } from '../../../services/im/src/shard/shard-core.ts';
import type { Loop } from '../platform/loop.ts';
import { SimulatedProcess } from '../platform/process.ts';

/** Starts the program of a shard in a process. */
export type StartShard = (shard: number, process: SimulatedProcess, onReady: (core: ShardCore) => void) => void;

interface Pod {
  readonly shard: number;
  readonly uid: string;
  starts: number;
  process: SimulatedProcess;
  core: ShardCore | null;
  isReady: boolean;
  isDeleting: boolean;
}

const PROBE_MS = 100;

/**
 * What Kubernetes does for a StatefulSet: as many pods as are wanted, the highest ordinals first to go, containers started
 * again after they ended, readiness asked for again and again.
 */
export class SimulatedFleet implements FleetSource {
  readonly #loop: Loop;
  readonly #seed: number;
  readonly #kubelet: SimulatedProcess;
  readonly #start: StartShard;
  readonly #pods = new Map<number, Pod>();
  readonly #watchers = new Map<() => void, SimulatedProcess>();
  #desired = 0;
  #uids = 0;

  constructor(loop: Loop, seed: number, start: StartShard) {
    this.#loop = loop;
    this.#seed = seed;
    this.#start = start;
    this.#kubelet = new SimulatedProcess(loop, 'kubelet', seed);
    this.#probe();
  }

  get desired(): number {
    return this.#desired;
  }

  get pods(): readonly {
    readonly shard: number;
    readonly process: SimulatedProcess;
    readonly core: ShardCore | null;
    readonly isReady: boolean;
    readonly isDeleting: boolean;
  }[] {
    return [...this.#pods.values()];
  }

  read(): Promise<Fleet> {
    const shards = [...this.#pods.values()].map((pod): FleetShard => ({
      id: pod.shard,
      url: `ws://shard-${pod.shard}/s/${pod.shard}`,
      present: true,
      ready: pod.isReady,
      deleting: pod.isDeleting,
      life: { id: pod.uid, starts: pod.starts },
    }));
    return Promise.resolve({ desired: this.#desired, firstId: 0, shards });
  }

  watch(onChange: () => void): () => void {
    const { current } = this.#loop;
    if (current !== null) this.#watchers.set(onChange, current);
    return () => void this.#watchers.delete(onChange);
  }

  scale(desired: number): void {
    this.#desired = desired;
    this.#settle();
  }

  /** `kubectl delete pod`: it leaves in order, and another takes its place. */
  replace(shard: number): void {
    const pod = this.#pods.get(shard);
    if (pod !== undefined) this.#delete(pod);
  }

  /** `kill -9` of its process. */
  kill(shard: number): void {
    const pod = this.#pods.get(shard);
    if (pod === undefined || pod.process.isDead) return;
    pod.process.kill();
    this.#ended(pod);
  }

  #settle(): void {
    for (const pod of this.#pods.values()) if (pod.shard >= this.#desired) this.#delete(pod);
    for (let shard = 0; shard < this.#desired; shard++) if (!this.#pods.has(shard)) this.#create(shard);
    this.#changed();
  }

  #create(shard: number): void {
    this.#uids += 1;
    const uid = `pod-${this.#uids}`;
    const process = this.#newProcess(shard);
    const pod: Pod = { shard, uid, starts: 0, process, core: null, isReady: false, isDeleting: false };
    this.#pods.set(shard, pod);
    this.#run(pod);
  }

  #newProcess(shard: number): SimulatedProcess {
    this.#uids += 1;
    return new SimulatedProcess(this.#loop, `shard-${shard}.${this.#uids}`, this.#seed);
  }

  #run(pod: Pod): void {
    const { process } = pod;
    pod.core = null;
    this.#loop.after(this.#kubelet.chance.between(20, 200), process, () => {
      this.#start(pod.shard, process, (core) => {
        pod.core = core;
        if (pod.isDeleting) this.#drain(pod, core);
      });
    });
  }

  #delete(pod: Pod): void {
    if (pod.isDeleting) return;
    pod.isDeleting = true;
    this.#changed();
    const { core, process } = pod;
    if (core === null) this.#loop.after(50, this.#kubelet, () => this.#gone(pod, process));
    else this.#loop.after(this.#kubelet.chance.between(1, 50), process, () => this.#drain(pod, core));
    // The grace period is over.
    this.#loop.after(8_000, this.#kubelet, () => this.#gone(pod, process));
  }

  #drain(pod: Pod, core: ShardCore): void {
    const { process } = pod;
    void core.drain().then(() => this.#loop.after(5, this.#kubelet, () => this.#gone(pod, process)));
  }

  #gone(pod: Pod, process: SimulatedProcess): void {
    if (pod.process !== process || this.#pods.get(pod.shard) !== pod) return;
    process.kill();
    this.#pods.delete(pod.shard);
    this.#settle();
  }

  #ended(pod: Pod): void {
    pod.isReady = false;
    pod.core = null;
    this.#changed();
    this.#loop.after(this.#kubelet.chance.between(50, 900), this.#kubelet, () => {
      if (this.#pods.get(pod.shard) !== pod || !pod.process.isDead) return;
      if (pod.isDeleting) {
        this.#gone(pod, pod.process);
        return;
      }
      pod.process = this.#newProcess(pod.shard);
      pod.starts += 1;
      this.#run(pod);
      this.#changed();
    });
  }

  #probe(): void {
    this.#loop.after(PROBE_MS, this.#kubelet, () => {
      for (const pod of this.#pods.values()) this.#probeOne(pod);
      this.#probe();
    });
  }

  /** A stopped process answers no probe; Kubernetes waits for some failures in a row, and so long nothing changes. */
  #probeOne(pod: Pod): void {
    const { core, process } = pod;
    if (process.state === 'stopped') return;
    const isReady = core !== null && core.state === 'up' && core.conditions().every(({ holds }) => holds);
    if (isReady === pod.isReady) return;
    pod.isReady = isReady;
    this.#changed();
  }

  #changed(): void {
    for (const [onChange, process] of this.#watchers) {
      if (process.isDead) this.#watchers.delete(onChange);
      else this.#loop.after(this.#kubelet.chance.between(1, 30), process, onChange);
    }
  }
}
