import { type CompiledMap, compileMap, parseShardMap } from '@flotilla-im/protocol';
import type { ApiObject, Following, Kubectl } from '../programs/kubectl.ts';

/** A shard map and when it was seen first, in monotonic milliseconds. */
export interface SeenMap extends CompiledMap {
  readonly seenMs: number;
}

/** Every shard map that the operator wrote to its ConfigMap, as it is written. */
export class MapWatch {
  readonly #maps: SeenMap[] = [];
  readonly #following: Following;

  constructor(kubectl: Kubectl, configMap: string) {
    const path = `/api/v1/namespaces/${kubectl.namespace}/configmaps?watch=true&fieldSelector=metadata.name%3D${configMap}`;
    this.#following = kubectl.follow(path, (type, object) => {
      if (type === 'ADDED' || type === 'MODIFIED') this.#see(object);
    });
  }

  /** The newest. @throws RangeError before the first */
  get current(): SeenMap {
    const map = this.#maps.at(-1);
    if (map === undefined) throw new RangeError('no shard map was published yet');
    return map;
  }

  get all(): readonly SeenMap[] {
    return this.#maps;
  }

  /** The map that stood at a time, and all after it. */
  since(ms: number): readonly SeenMap[] {
    const later = this.#maps.filter(({ seenMs }) => seenMs > ms);
    const before = this.#maps.filter(({ seenMs }) => seenMs <= ms).at(-1);
    return before === undefined ? later : [before, ...later];
  }

  stop(): void {
    this.#following.stop();
  }

  #see(object: ApiObject): void {
    const { data } = object as { data?: Record<string, string> };
    const text = data?.['map.json'];
    if (text === undefined) return;
    const map = parseShardMap(text);
    if (map.epoch !== this.#maps.at(-1)?.epoch) this.#maps.push({ ...compileMap(map), seenMs: performance.now() });
  }
}

/** Whether all of so many shards are up and serve their own slots. */
export function isHome(map: CompiledMap, shards: number): boolean {
  const isUp = map.map.shards.length === shards && map.map.shards.every(({ state }) => state === 'up');
  return isUp && map.owner.every((shard, slot) => shard === map.home[slot]);
}
