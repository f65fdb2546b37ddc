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
/** Connections to the service that one process of clients holds. */
const SOCKETS = 16;

/** Asks where a client may connect. @throws Error when there is no address within nine seconds, or nobody wants it any more */
export type AskAddress = (clientId: string, signal?: AbortSignal) => Promise<ConnectInfo>;

/** Asks the address service at this port of loopback, again and again while it has no answer. */
export function createAskAddress(port: number): AskAddress {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  return async (clientId, signal) => {
    const path = `/address?client=${encodeURIComponent(clientId)}&device=${DEVICE}`;
    const within = AbortSignal.any([AbortSignal.timeout(GIVEN_UP_MS), ...(signal === undefined ? [] : [signal])]);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      try {
        return await ask(agent, port, path, within);
      } catch {
        await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: within });
      }
    }
  };
}

function ask(agent: Agent, port: number, path: string, signal: AbortSignal): Promise<ConnectInfo> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent, signal }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve(JSON.parse(body) as ConnectInfo);
        else reject(new Error(`no address: ${response.statusCode ?? 0}`));
      }, reject);
    });
    request.on('error', reject);
  });
}
