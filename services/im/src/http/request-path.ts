/** What a path of a pod leads to. */
export type Route = 'healthz' | 'readyz' | 'metrics' | 'ws' | 'socketio' | 'unknown';

/** A request's target, taken apart. */
export interface RequestPath {
  /** The shard that the path names (`/s/<shard>/…`), null when it names none. */
  readonly shard: number | null;
  readonly route: Route;
  /** What follows the question mark; may hold a token, so never logged. */
  readonly query: string;
}

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/healthz', 'healthz'],
  ['/readyz', 'readyz'],
  ['/metrics', 'metrics'],
  ['/ws', 'ws'],
  ['/ws/', 'ws'],
  ['/socket.io', 'socketio'],
  ['/socket.io/', 'socketio'],
]);

/** Reads a request's target. Every path works with and without `/s/<shard>` before it. */
export function parseRequestPath(target: string): RequestPath {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  const [, shard, rest] = /^\/s\/(0|[1-9]\d{0,4})(\/.*)$/u.exec(path) ?? [];
  return { shard: shard === undefined ? null : Number(shard), route: ROUTES.get(rest ?? path) ?? 'unknown', query };
}
