import type { ShardMap } from '@flotilla-im/protocol';

/** Whether two maps say the same, their epochs aside. Maps of this planner list everything in one order. */
export function sameContent(a: ShardMap, b: ShardMap): boolean {
  return contentOf(a) === contentOf(b);
}

/** The map under another epoch. */
export function withEpoch(map: ShardMap, epoch: number): ShardMap {
  return { ...map, epoch };
}

function contentOf({ schema, compatible, shards, home, owner }: ShardMap): string {
  const listed = shards.map(({ id, url, state }) => [id, url, state]);
  return JSON.stringify([schema, compatible, listed, home, owner]);
}
