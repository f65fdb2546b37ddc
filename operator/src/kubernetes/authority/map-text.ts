import { expandSlots, type ShardEntry, type ShardMap } from '@flotilla-im/protocol';

/** The map as JSON that people can read: a line a shard, each table of slots on one line. */
export function mapJson(map: ShardMap): string {
  const lines = Object.entries(map).map(([key, value]) => {
    const isList = key === 'shards' && map.shards.length > 0;
    const text = isList ? `[\n${map.shards.map(shardLine).join(',\n')}\n  ]` : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

function shardLine(shard: ShardEntry): string {
  return `    ${JSON.stringify(shard)}`;
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
