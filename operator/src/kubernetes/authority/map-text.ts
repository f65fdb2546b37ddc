import { expandSlots, type ShardMap } from '@flotilla-im/protocol';

/** The map as JSON that people can read: a line a shard, each table of slots on one line. */
export function mapJson(map: ShardMap): string {
  const { shards, ...rest } = map;
  const lines = Object.entries({ ...rest, shards: [] }).map(([key, value]) => {
    if (key !== 'shards' || shards.length === 0) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return `  "shards": [\n${shards.map((shard) => `    ${JSON.stringify(shard)}`).join(',\n')}\n  ]`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** The map in words: what `kubectl get configmap` shows to whoever looks for the state of a cluster. */
export function mapSummary(map: ShardMap): string {
  const [home, owner] = [expandSlots(map.home), expandSlots(map.owner)];
  const rows = map.shards.map(({ id, url, state }) => {
    const served = owner.filter((shard) => shard === id).length;
    const own = home.filter((shard) => shard === id).length;
    return [String(id), state, String(served), String(own), url];
  });
  const lent = home.filter((id, slot) => owner[slot] !== id).length;
  const up = map.shards.filter(({ state }) => state === 'up').length;
  const head = `epoch ${map.epoch}: ${up} of ${map.shards.length} shards up, ${lent} of ${home.length} slots lent\n`;
  return head + table([['shard', 'state', 'serves', 'own', 'url'], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
