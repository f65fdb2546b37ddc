import type { LoadAnswer, LoadCommand } from './commands.ts';
import { FLOTILLA_V1, SOCKET_IO } from './dialect.ts';
import { createLatencies } from './latencies.ts';
import { openRawClient, type RawClient } from './raw-client.ts';

/** The grain of the clients' timers. */
const TICK_MS = 50;

const clients: RawClient[] = [];
const unacknowledged = new Set<RawClient>();
const latencies = createLatencies();
let isTimed = false;
const count = { messages: 0, target: Infinity, reached: (): void => undefined };

setInterval(() => {
  const nowMs = performance.now();
  for (const client of unacknowledged) if (client.acknowledge(nowMs)) unacknowledged.delete(client);
}, TICK_MS).unref();

process.on('message', (command: LoadCommand) => {
  perform(command).then(
    () => answer(),
    (error: unknown) => answer(error instanceof Error ? error.message : String(error)),
  );
});
process.on('disconnect', () => process.exit(0));

async function perform(command: LoadCommand): Promise<void> {
  switch (command.type) {
    case 'connect':
      isTimed = command.isTimed;
      return connectAll(command.urls, command.dialect, command.concurrency);
    case 'await':
      return arrived(command.count, command.timeoutMs);
    case 'reset':
      count.messages = 0;
      latencies.clear();
      return;
    case 'report':
      return;
    case 'close':
      for (const client of clients.splice(0)) client.socket.destroy();
  }
}

async function connectAll(
  urls: readonly string[],
  name: 'flotilla.v1' | 'socket.io',
  concurrency: number,
): Promise<void> {
  const dialect = name === 'socket.io' ? SOCKET_IO : FLOTILLA_V1;
  const waiting = [...urls].reverse();
  const worker = async (): Promise<void> => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      const client: RawClient = await openRawClient(url, dialect, (bytes, start, end) => {
        unacknowledged.add(client);
        if (isTimed) latencies.sample(bytes, start, end);
        counted();
      });
      clients.push(client);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function counted(): void {
  count.messages += 1;
  if (count.messages >= count.target) count.reached();
}

/** `count` is the total since the last reset. */
function arrived(target: number, timeoutMs: number): Promise<void> {
  if (count.messages >= target) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      count.target = Infinity;
      reject(new Error(`${String(count.messages)} of ${String(target)} messages arrived in ${String(timeoutMs)} ms`));
    }, timeoutMs);
    count.target = target;
    count.reached = () => {
      count.target = Infinity;
      clearTimeout(timer);
      resolve();
    };
  });
}

function answer(error?: string): void {
  const result: LoadAnswer = {
    messages: count.messages,
    latencyMs: latencies.summary(),
    ...(error === undefined ? {} : { error }),
  };
  process.send?.(result);
}
