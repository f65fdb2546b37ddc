import { type Load, startLoad } from '../measure/child.ts';
import { startPeer } from '../measure/peer.ts';
import { processUsage } from '../measure/process-usage.ts';
import { startShards } from '../measure/shards.ts';
import { type BenchCase, type BenchContext, LOAD_CPU, median, SERVER_CPU } from './bench-case.ts';

const CLIENTS = 1_000;
const SHARDS = 3;
const PER_SECOND = 5_000;
const SECONDS = 8;
const ROUNDS = 3;
/** Before anything is measured: compilers take so long until they are done with the paths that count. */
const WARM_UP_SECONDS = 30;
/** The pace is kept in steps of this. */
const STEP_MS = 5;
const TEXT = 'a line of ordinary length, as people write them to each other';

interface Measured {
  readonly cpuUs: number;
  readonly p50: number;
  readonly p99: number;
}

/** Private messages at 5,000/s over 3 shards: CPU of sender, Redis and shards together, and latency from the call to the socket. */
export const privateMessages: BenchCase = {
  name: 'private',
  async run(context) {
    context.progress('Socket.IO: 5,000 private messages a second over 3 servers');
    const peer = await measurePeer(context);
    context.progress('Flotilla: 5,000 private messages a second over 3 shards');
    const ours = await measureFlotilla(context);
    const what = 'private messages, 5,000/s over 3 shards';
    return [
      { what, unit: 'µs CPU a message, all parts', flotilla: ours.cpuUs, peer: peer.cpuUs, bound: { atMost: 100 } },
      { what, unit: 'ms, p99', flotilla: ours.p99, peer: peer.p99, bound: { atMost: 10 } },
      { what, unit: 'ms, p50', flotilla: ours.p50, peer: peer.p50, bound: null },
    ];
  },
};

async function measureFlotilla(context: BenchContext): Promise<Measured> {
  const shards = await startShards(context.redisUrl, 'bench-private', SHARDS, SERVER_CPU);
  const load = startLoad(LOAD_CPU);
  try {
    const urls: string[] = [];
    for (let i = 0; i < CLIENTS; i += 1) {
      const { url, token } = await shards.flotilla.connectInfo(`client-${String(i)}`);
      urls.push(`${url}?token=${token}`);
    }
    await load.tell({ type: 'connect', dialect: 'flotilla.v1', urls, concurrency: 32, isTimed: true });
    return await measure(context, load, shards.pids, (to) =>
      shards.flotilla.send({ from: null, to: `client-${String(to)}`, data: { text: TEXT, sentAt: clock() } }),
    );
  } finally {
    await load.stop();
    await shards.stop();
  }
}

async function measurePeer(context: BenchContext): Promise<Measured> {
  const peer = await startPeer(context.redisUrl, SHARDS, SERVER_CPU);
  const load = startLoad(LOAD_CPU);
  try {
    const urls = Array.from({ length: CLIENTS }, (_, i) => peer.url(i));
    await load.tell({ type: 'connect', dialect: 'socket.io', urls, concurrency: 32, isTimed: true });
    return await measure(context, load, peer.pids, (to) => {
      peer.publish({ text: TEXT, sentAt: clock() }, to);
      return undefined;
    });
  } finally {
    await load.stop();
    await peer.stop();
  }
}

/** One clock for all processes of this machine, in ms with fractions. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

type SendOne = (client: number) => Promise<unknown> | undefined;

async function measure(
  context: BenchContext,
  load: Load,
  serverPids: readonly number[],
  send: SendOne,
): Promise<Measured> {
  const seconds = Math.max(1, SECONDS * context.scale);
  await round(load, [], send, Math.max(1, WARM_UP_SECONDS * context.scale));
  const rounds: Measured[] = [];
  const parts = { servers: serverPids, Redis: [context.redisPid], sender: [process.pid] };
  const before = Object.values(parts).map(cpuOf);
  for (let i = 0; i < ROUNDS; i += 1) rounds.push(await round(load, Object.values(parts).flat(), send, seconds));
  const messages = ROUNDS * Math.round(PER_SECOND * seconds);
  const spent = Object.entries(parts).map(([name, pids], i) => {
    const each = (cpuOf(pids) - (before[i] ?? 0)) / messages;
    return `${name} ${each.toFixed(0)}`;
  });
  context.progress(`µs CPU a message: ${spent.join(', ')}`);
  return {
    cpuUs: median(rounds.map((r) => r.cpuUs)),
    p50: median(rounds.map((r) => r.p50)),
    p99: median(rounds.map((r) => r.p99)),
  };
}

async function round(load: Load, pids: readonly number[], send: SendOne, seconds: number): Promise<Measured> {
  await load.tell({ type: 'reset' });
  const cpuBefore = cpuOf(pids);
  const total = Math.round(PER_SECOND * seconds);
  await sendPaced(total, send);
  const { latencyMs } = await load.tell({ type: 'await', count: total, timeoutMs: 30_000 });
  return { cpuUs: (cpuOf(pids) - cpuBefore) / total, p50: latencyMs?.p50 ?? Infinity, p99: latencyMs?.p99 ?? Infinity };
}

/**
 * Sends in small steps at the pace, whatever the answers take; resolves when all were accepted. Answers are not kept: a
 * service has no use for those of seconds ago, and a heap full of them would be measured along.
 */
async function sendPaced(total: number, send: SendOne): Promise<void> {
  const startedAt = performance.now();
  const failures: unknown[] = [];
  let sent = 0;
  let answered = 0;
  const onAnswer = (): void => void (answered += 1);
  const onFailure = (error: unknown): void => void failures.push(error);
  while (answered < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * PER_SECOND) / 1_000));
    for (; sent < due; sent += 1) {
      const sending = send(sent % CLIENTS);
      if (sending === undefined) onAnswer();
      else sending.then(onAnswer, onFailure);
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    if (failures.length > 0) throw failures[0];
  }
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processUsage(pid).cpuUs, 0);
}
