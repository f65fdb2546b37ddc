import { connect, type Connection, type ReceivedMessage } from '@flotilla-im/client';
import { webSocketUrl } from '@flotilla-im/protocol';
import type { Flotilla } from '@flotilla-im/sdk';

/** A client of the check whose home is one shard. */
export interface Visitor {
  readonly shard: number;
  readonly clientId: string;
}

/** A visitor who is connected to the shard by the way that is checked. */
export interface ConnectedVisitor extends Visitor {
  readonly connection: Connection;
  readonly messages: readonly ReceivedMessage[];
}

/** So many ids are tried for each shard; one of 100 shards is missed by chance once in 10^8 checks. */
const IDS_PER_SHARD = 25;

/**
 * Finds a clientId for each shard by asking for addresses, as any service does.
 *
 * @param run - makes the ids of one check differ from those of any other
 * @throws FlotillaError of `connectInfo`; {Error} for a shard that serves no clients
 */
export async function findVisitors(im: Flotilla, shards: readonly number[], run: string): Promise<readonly Visitor[]> {
  const found = new Map<number, Visitor>();
  for (let n = 0; found.size < shards.length; n += 1) {
    const missing = shards.filter((shard) => !found.has(shard));
    if (n > IDS_PER_SHARD * shards.length) throw new Error(`No client is at home at shard ${missing.join(', ')}`);
    const clientId = `flotilla-check-${run}-${n}`;
    const { shard } = await im.connectInfo(clientId);
    if (missing.includes(shard)) found.set(shard, { shard, clientId });
  }
  return [...found.values()].sort((one, other) => one.shard - other.shard);
}

/**
 * Connects a visitor by an address of its shard and makes sure that it is this shard that answers there.
 *
 * @param base - the shard's address, for example `ws://chat-im-s0.chat.svc:8080/s/0`
 * @throws {Error} with what went wrong as the end of a sentence
 */
export async function connectVisitor(
  im: Flotilla,
  { shard, clientId }: Visitor,
  base: string,
  signal: AbortSignal,
): Promise<ConnectedVisitor> {
  const url = webSocketUrl(base);
  const connection = connect({
    address: async () => ({ url, token: (await im.connectInfo(clientId, { grants: { send: true } })).token }),
  });
  try {
    const messages: ReceivedMessage[] = [];
    connection.on('message', (message) => messages.push(message));
    await untilConnected(connection, url, signal);
    const shards = (await im.presence.connections(clientId)).map((each) => each.shard);
    if (!shards.includes(shard)) throw new Error(`${url} leads to shard ${shards.join(', ') || 'nobody knows which'}`);
    return { shard, clientId, connection, messages };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function untilConnected(connection: Connection, url: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let why = 'no answer';
    const fail = (): void => reject(new Error(`no connection to ${url} (${why})`));
    signal.addEventListener('abort', fail);
    if (signal.aborted) fail();
    const remove = connection.on('state', (state) => {
      if (state.type === 'waiting') why = state.reason;
      if (state.type !== 'connected' && state.type !== 'closed') return;
      signal.removeEventListener('abort', fail);
      remove();
      if (state.type === 'connected') {
        resolve();
      } else {
        why = `${state.reason}, ${state.code}`;
        fail();
      }
    });
  });
}
