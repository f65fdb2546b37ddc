import { startLoad } from '../measure/child.ts';
import { startPeer } from '../measure/peer.ts';
import { processUsage } from '../measure/process-usage.ts';
import { startShards } from '../measure/shards.ts';
import { type BenchCase, type BenchContext, LOAD_CPU, SERVER_CPU } from './bench-case.ts';

const CONNECTIONS = 15_000;
/** A first connection or so loads code and grows pools that all share. */
const WARM_UP = 500;
/** Memory is read when it has not changed by more than 1 % for so long. */
const SETTLED_MS = 3_000;

/** Resident memory of one shard for each authenticated, recoverable and idle connection. */
export const idleMemory: BenchCase = {
  name: 'idle-memory',
  async run(context) {
    const count = Math.max(1_000, Math.round(CONNECTIONS * Math.min(1, context.scale)));
    context.progress(`Socket.IO: ${String(count)} idle connections`);
    const peer = await measurePeer(context, count);
    context.progress(`Flotilla: ${String(count)} idle connections`);
    const flotilla = await measureFlotilla(context, count);
    return [
      {
        what: `memory of an idle connection, ${String(count)} open`,
        unit: 'KB',
        flotilla,
        peer,
        bound: { atMost: 12 },
      },
    ];
  },
};

async function measureFlotilla(context: BenchContext, count: number): Promise<number> {
  const shards = await startShards(context.redisUrl, 'bench-memory', 1, SERVER_CPU);
  try {
    const urls: string[] = [];
    for (let i = 0; i < count + WARM_UP; i += 1) {
      const { url, token } = await shards.flotilla.connectInfo(`client-${String(i)}`);
      urls.push(`${url}?token=${token}`);
    }
    return await perConnection(shards.pids[0] ?? 0, 'flotilla.v1', urls);
  } finally {
    await shards.stop();
  }
}

async function measurePeer(context: BenchContext, count: number): Promise<number> {
  const peer = await startPeer(context.redisUrl, 1, SERVER_CPU);
  try {
    const urls = Array.from({ length: count + WARM_UP }, (_, i) => peer.url(i));
    return await perConnection(peer.pids[0] ?? 0, 'socket.io', urls);
  } finally {
    await peer.stop();
  }
}

/** KB (1,000 bytes) of resident memory each connection after the warm-up adds. */
async function perConnection(
  pid: number,
  dialect: 'flotilla.v1' | 'socket.io',
  urls: readonly string[],
): Promise<number> {
  const load = startLoad(LOAD_CPU);
  try {
    await load.tell({ type: 'connect', dialect, urls: urls.slice(0, WARM_UP), concurrency: 32, isTimed: false });
    const before = await settledResidentBytes(pid);
    await load.tell({ type: 'connect', dialect, urls: urls.slice(WARM_UP), concurrency: 32, isTimed: false });
    const after = await settledResidentBytes(pid);
    return (after - before) / (urls.length - WARM_UP) / 1_000;
  } finally {
    await load.stop();
  }
}

async function settledResidentBytes(pid: number): Promise<number> {
  let last = processUsage(pid).residentBytes;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    const now = processUsage(pid).residentBytes;
    if (Math.abs(now - last) <= last / 100) return now;
    last = now;
  }
}
