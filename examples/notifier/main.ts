// Sends notices, one for each line of its input, as in {"key": "order-42", "to": "alice", "text": "It is on its way"}, and tells
// what became of each. The key makes repeating safe: feed it the same line again within ten minutes, to this process, to another or
// after a crash, and alice has the notice once all the same.
//
// FLOTILLA_REDIS_URL  default redis://127.0.0.1:6380, where `npm start` has it
// FLOTILLA_CLUSTER    default local
// RECEIPT_WAIT_MS     how long it waits for the receiver of a notice; default 60000
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { createFlotilla, isFlotillaError, type Sent } from '@flotilla-im/sdk';

interface Notice {
  readonly key: string;
  readonly to: string;
  readonly text: string;
}

const timeoutMs = Number(process.env['RECEIPT_WAIT_MS'] ?? 60_000);
const stopping = new AbortController();
const { signal } = stopping;
const im = await createFlotilla({
  redis: process.env['FLOTILLA_REDIS_URL'] ?? 'redis://127.0.0.1:6380',
  cluster: process.env['FLOTILLA_CLUSTER'] ?? 'local',
  waitForStore: true,
  signal,
});

/** In the receiver's inbox when it resolves. An attempt that failed may have arrived nevertheless; the next one finds it by its key. */
async function send({ key, to, text }: Notice): Promise<Sent> {
  for (;;) {
    try {
      return await im.send({ from: null, to, data: { text }, key }, { signal });
    } catch (error) {
      if (!isFlotillaError(error) || !error.retryable) throw error;
      console.error(`${key} again, since ${error.code}`);
      await wait(error.retryAfterMs ?? 1_000, undefined, { signal });
    }
  }
}

/** Says `delivered` once a connection of the receiver has confirmed it, and `offline` while there is none. */
async function watch(sent: Sent, key: string): Promise<void> {
  for await (const { state } of sent.receipts({ timeoutMs, untilDelivered: true, signal })) console.log(key, state);
}

/** What cannot be read or sent is told, and does not hold up the others. Nothing is wrong when the program is being stopped. */
function fail(error: unknown): void {
  if (signal.aborted) return;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

const input = createInterface({ input: process.stdin });
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stopping.abort();
    input.close();
  });
}

const watching = new Set<Promise<void>>();
for await (const line of input) {
  if (signal.aborted) break;
  try {
    const notice = JSON.parse(line) as Notice;
    const sent = await send(notice);
    console.log(notice.key, sent.outcomes[0]?.outcome === 'duplicate' ? 'was sent before' : 'sent');
    const watched = watch(sent, notice.key).catch(fail);
    watching.add(watched);
    void watched.then(() => watching.delete(watched));
  } catch (error) {
    fail(error);
  }
}
await Promise.all(watching);
await im.close();
