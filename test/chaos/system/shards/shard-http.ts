import { sumOf } from './metrics-text.ts';

const TIMEOUT_MS = 2_000;

/** Asks shards over their own ports, past every link. */
export interface ShardHttp {
  /** Whether it answers `/readyz` with 200. */
  isReady(port: number): Promise<boolean>;
  /** How many connections it has; null when it does not answer. */
  connections(port: number): Promise<number | null>;
}

/** @param request - as `fetch` */
export function createShardHttp(request: typeof fetch): ShardHttp {
  const get = (port: number, path: string): Promise<Response> =>
    request(`http://127.0.0.1:${String(port)}${path}`, {
      // A connection that is kept may be one to a former life of the shard.
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  return {
    async isReady(port) {
      try {
        const response = await get(port, '/readyz');
        await response.body?.cancel();
        return response.status === 200;
      } catch {
        return false;
      }
    },
    async connections(port) {
      try {
        const response = await get(port, '/metrics');
        return sumOf('flotilla_im_connections', await response.text());
      } catch {
        return null;
      }
    },
  };
}
