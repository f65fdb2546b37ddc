// A page on a bare WebSocket, in a terminal, to try call-signalling and chat-handler with: says each line that you type, prints
// what it hears. All that such a page needs is here: a fresh address for every connection, and another one unless it is told that
// it is not wanted.
//
// Arguments: where addresses are handed out, and who asks for one, as the proxy in front of that service would say
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const [door = 'http://127.0.0.1:8092/Handler1.ashx', user = 'A'] = process.argv.slice(2);
const stopping = new AbortController();
const { signal } = stopping;
const input = createInterface({ input: process.stdin });
const isOver = (): boolean => signal.aborted;

async function open(): Promise<WebSocket> {
  const answer = await fetch(door, {
    headers: { 'x-forwarded-user': user },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  if (!answer.ok) throw new Error(`no address: ${answer.status}`);
  const { url, token } = (await answer.json()) as { url: string; token: string };
  return new WebSocket(`${url}?token=${encodeURIComponent(token)}`);
}

/** One connection; resolves when it has ended. What is typed between two of them waits. */
async function serve(): Promise<{ code: number; reason: string }> {
  const socket = await open();
  const say = (line: string): void => socket.send(line);
  const leave = (): void => socket.close(1000);
  socket.onopen = () => {
    console.error('connected');
    input.on('line', say).resume();
  };
  socket.onmessage = ({ data }) => console.log(String(data));
  signal.addEventListener('abort', leave);
  try {
    return await new Promise((resolve) => (socket.onclose = ({ code, reason }) => resolve({ code, reason })));
  } finally {
    signal.removeEventListener('abort', leave);
    input.off('line', say).pause();
  }
}

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => input.close());
input.once('close', () => stopping.abort()).pause();

for (let failures = 0; !isOver();) {
  const began = performance.now();
  const { code, reason } = await serve().catch((error: unknown) => ({ code: 0, reason: String(error) }));
  if (isOver()) break;
  console.error(`closed: ${code} ${reason}`);
  if (code >= 4_500 && code <= 4_599) break;
  failures = performance.now() - began < 5_000 ? failures + 1 : 0;
  const told = /retry-after-ms=(\d+)/.exec(reason)?.[1];
  const ms = Math.random() * (told === undefined ? Math.min(20_000, 200 * 2 ** failures) : 200);
  await wait(Number(told ?? 0) + ms, undefined, { signal }).catch(() => undefined);
}
input.close();
