import {
  type Address,
  connect,
  type Connection,
  type ConnectionState,
  type ReceivedMessage,
} from '@flotilla-im/client';
import { callOfChannel } from '../../src/calls/call-id.ts';
import type { Announcement, CallData, ComingData, ReceiptData, TypingData } from '../../src/words.ts';
import { api, ApiError } from './api.ts';
import { Absence } from './model/absence.ts';

/** What comes over the connection. */
export interface LiveHandlers {
  readonly state: (state: ConnectionState) => void;
  readonly message: (message: ReceivedMessage, isWaited: boolean) => void;
  readonly said: (said: Announcement | CallData | ComingData | ReceiptData | TypingData) => void;
  /** Something is missing that the connection cannot bring: ask for the history. */
  readonly gap: () => void;
  /** This person joined or left a channel, here or elsewhere. */
  readonly membership: (channel: string, isJoined: boolean) => void;
  /** One of the pages in a call of this person's says that it is. */
  readonly callSign: (call: string) => void;
  /** A call of this person's is no more. */
  readonly callOver: (call: string) => void;
}

/** Connects this page to its person's shard. Everything that is received comes this way; what is sent goes to the service. */
export function openConnection(handlers: LiveHandlers): Connection {
  const absence = new Absence();
  const connection = connect({ address: ({ signal }) => addressOrNull(signal, absence) });
  connection.on('state', (state) => {
    if (state.type === 'connected') absence.end();
    else absence.begin(performance.now());
    handlers.state(state);
  });
  connection.on('message', (message) => {
    const call = message.channel === null ? null : callOfChannel(message.channel);
    if (call !== null) handlers.callSign(call);
    // What was said in a channel meanwhile waited for nobody in particular.
    else handlers.message(message, message.channel === null && absence.covers(message.at));
  });
  connection.on('live', ({ data, from }) => {
    // From the service only: no client is granted to send.
    if (from === null) handlers.said(data as Parameters<LiveHandlers['said']>[0]);
  });
  connection.on('gap', () => handlers.gap());
  connection.on('joined', ({ channel }) => isChat(channel) && handlers.membership(channel, true));
  connection.on('left', ({ channel }) => {
    const call = callOfChannel(channel);
    if (call !== null) handlers.callOver(call);
    else if (isChat(channel)) handlers.membership(channel, false);
  });
  return connection;
}

/** What has a line break in its name is the service's own, a call for example. */
function isChat(channel: string): boolean {
  return !channel.includes('\n');
}

/** Null ends the connection: the session is over. Any other failure is tried again by the client. */
async function addressOrNull(signal: AbortSignal, absence: Absence): Promise<Address | null> {
  try {
    const address = await api.address(signal);
    absence.returning(performance.now(), address.now);
    return address;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
