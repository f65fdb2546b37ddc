import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectInfo } from '@flotilla-im/sdk';

/** Each device keeps its own place in a channel, so that a plain client need not begin at its join again. */
const DEVICE = 'load';
/** The first pause after a refusal, doubled each time up to the longest, a half of it by chance. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** The client library gives an attempt up after ten seconds. */
const GIVEN_UP_MS = 9_000;
/** Addresses that one request asks for. */
const MOST = 50;
/** Connections to the service that one process of clients holds. */
const SOCKETS = 16;

/** Asks where a client may connect. @throws Error when there is no address within nine seconds, or nobody wants it any more */
export type AskAddress = (clientId: string, signal?: AbortSignal) => Promise<ConnectInfo>;

/** Asks the address service at this port of loopback, again and again while it has no answer. */
export function createAskAddress(port: number): AskAddress {
  const ask = createGathered(port);
  return async (clientId, signal) => {
    const within = AbortSignal.any([AbortSignal.timeout(GIVEN_UP_MS), ...(signal === undefined ? [] : [signal])]);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      const address = await ask(clientId);
      within.throwIfAborted();
      if (address !== null) return address;
      await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: within });
    }
  };
}

interface Asked {
  readonly clientId: string;
  readonly resolve: (address: ConnectInfo | null) => void;
}

/**
 * Those that ask in the same turn do so in one request: thousands may have lost their shard in one moment, and it is their way
 * back that is looked at, not HTTP. Null: there is no answer now.
 */
function createGathered(port: number): (clientId: string) => Promise<ConnectInfo | null> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const asked: Asked[] = [];
  const send = async (some: readonly Asked[]): Promise<void> => {
    const query = some.map(({ clientId }) => `&client=${encodeURIComponent(clientId)}`).join('');
    const addresses = await request(agent, port, `/addresses?device=${DEVICE}${query}`).catch(() => []);
    for (const [i, { resolve }] of some.entries()) resolve(addresses[i] ?? null);
  };
  const sendAll = (): void => {
    while (asked.length > 0) void send(asked.splice(0, MOST));
  };
  return (clientId) =>
    new Promise((resolve) => {
      asked.push({ clientId, resolve });
      if (asked.length === 1) setImmediate(sendAll);
    });
}

function request(agent: Agent, port: number, path: string): Promise<readonly (ConnectInfo | null)[]> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(GIVEN_UP_MS);
    const sent = get({ host: '127.0.0.1', port, path, agent, signal }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve(JSON.parse(body) as (ConnectInfo | null)[]);
        else reject(new Error(`no address: ${response.statusCode ?? 0}`));
      }, reject);
    });
    sent.on('error', reject);
  });
}
