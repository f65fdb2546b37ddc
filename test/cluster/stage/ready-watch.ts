import type { ApiObject, Following, Kubectl } from '../programs/kubectl.ts';
import type { SeenMap } from './map-watch.ts';

/** A pod that became Ready. */
interface BecameReady {
  readonly shard: number;
  readonly seenMs: number;
}

interface Pod {
  readonly metadata: { readonly uid: string; readonly name: string; readonly deletionTimestamp?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** When pods of the shards became Ready. */
export class ReadyWatch {
  readonly #ready = new Map<string, boolean>();
  readonly #became: BecameReady[] = [];
  readonly #following: Following;

  constructor(kubectl: Kubectl, instance: string) {
    const labels = `app.kubernetes.io/component=im,app.kubernetes.io/instance=${instance}`;
    const path = `/api/v1/namespaces/${kubectl.namespace}/pods?watch=true&labelSelector=${encodeURIComponent(labels)}`;
    this.#following = kubectl.follow(path, (type, object) => this.#see(type, object));
  }

  /** From a pod's being Ready to the first map that gives its shard slots again, in milliseconds; only those with such a map. */
  delaysSince(ms: number, maps: readonly SeenMap[]): number[] {
    return this.#became.flatMap(({ shard, seenMs }) => {
      if (seenMs < ms) return [];
      const before = maps.filter((map) => map.seenMs <= seenMs).at(-1);
      if (before?.shards.get(shard)?.state === 'up') return [0];
      const first = maps.find((map) => map.seenMs > seenMs && map.shards.get(shard)?.state === 'up');
      return first === undefined ? [] : [first.seenMs - seenMs];
    });
  }

  stop(): void {
    this.#following.stop();
  }

  #see(type: string, object: ApiObject): void {
    const { metadata, status } = object as Pod;
    if (type !== 'ADDED' && type !== 'MODIFIED') return;
    const isReady =
      status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
    const wasReady = this.#ready.get(metadata.uid);
    this.#ready.set(metadata.uid, isReady);
    if (!isReady || wasReady !== false) return;
    this.#became.push({ shard: Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? -1), seenMs: performance.now() });
  }
}
