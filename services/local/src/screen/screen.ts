/** One shard's line. */
export interface ScreenShard {
  readonly id: number;
  readonly url: string;
  readonly state: string;
  readonly connections: number;
  readonly slots: number;
}

/** What the screen shows. */
export interface ScreenContent {
  readonly demo: string;
  /** Which Redis it is and where, in words. */
  readonly redis: string;
  readonly cluster: string;
  /** What every key begins with; null without Redis. */
  readonly prefix: string | null;
  readonly tokenKeysFile: string;
  readonly logs: string;
  readonly shards: readonly ScreenShard[];
  /** Lines that have to be said besides. */
  readonly notes: readonly string[];
  /** Whether somebody can press Enter. */
  readonly isInteractive: boolean;
}

/** The one screen: what runs, where, and what can be done with it. */
export function renderScreen(content: ScreenContent): string {
  const keys = content.prefix === null ? '' : `, keys ${content.prefix}…`;
  const facts: [string, string][] = [
    ['Demo', content.demo],
    ['Redis', content.redis],
    ['Cluster', `${content.cluster}${keys}`],
    ['Token keys', content.tokenKeysFile],
    ['Logs', content.logs],
  ];
  const again = content.isInteractive ? '; Enter shows this again' : '';
  const ways: [string, string][] = [
    ['npm run scale -- 5', 'to 5 shards, up or down'],
    ['npm run restart -- 1', 'restarts shard 1: its slots are lent, then home again'],
    ['npm run kill -- 1', 'kills shard 1 without a goodbye'],
    ['Ctrl-C', `stops everything started here${again}`],
  ];
  return [
    '',
    'Flotilla is running.',
    '',
    ...columns(facts),
    '',
    ...shardTable(content.shards),
    '',
    ...columns(ways),
    ...(content.notes.length === 0 ? [] : ['', ...content.notes]),
    '',
  ].join('\n');
}

function columns(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function shardTable(shards: readonly ScreenShard[]): string[] {
  if (shards.length === 0) return ['  No shard runs.'];
  const width = Math.max(...shards.map(({ url }) => url.length), 7);
  const row = (id: string, url: string, connections: string, slots: string, state: string): string =>
    `  ${id.padEnd(5)}  ${url.padEnd(width)}  ${connections.padStart(11)}  ${slots.padStart(5)}  ${state}`.trimEnd();
  return [
    row('Shard', 'Address', 'Connections', 'Slots', ''),
    ...shards.map(({ id, url, connections, slots, state }) =>
      row(String(id), url, String(connections), String(slots), state === 'up' ? '' : state),
    ),
  ];
}
