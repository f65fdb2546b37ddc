import { type FrameLimits, FlotillaError, isFlotillaError } from '@flotilla-im/protocol';
import type { Socket } from 'socket.io';
import type { Session } from '../connections/session.ts';
import { readEvent } from './requests.ts';
import type { Ack, SocketIoTransport } from './socketio-transport.ts';

/** What events of clients are read by. */
export interface EventReading {
  readonly limits: FrameLimits;
  readonly newId: () => string;
}

/** Ends that somebody wanted; after any other the client is expected back. */
const GOODBYES: ReadonlySet<string> = new Set(['client namespace disconnect', 'server namespace disconnect']);

/** Leads the events of one client to its session. Nothing a client emits can throw. */
export function listenToClient(
  socket: Socket,
  transport: SocketIoTransport,
  session: Session,
  reading: EventReading,
): void {
  socket.onAny((name: unknown, ...args: unknown[]) => {
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as Ack) : null;
    try {
      const [argument] = ack === null ? args : args.slice(0, -1);
      const asked = readEvent(String(name), argument, reading.newId, reading.limits);
      if (asked.type === 'ack') {
        session.acknowledge(asked.positions);
        ack?.({ ok: true });
        return;
      }
      if (ack !== null) transport.expectReply(asked.request.id, ack);
      session.request(asked.request);
    } catch (error) {
      answer(
        isFlotillaError(error) ? error : new FlotillaError('internal', 'the event could not be read'),
        transport,
        ack,
      );
    }
  });
  socket.on('disconnect', (reason) => transport.ended(GOODBYES.has(reason) ? 1000 : 1006));
  // A packet that is not Socket.IO's ends the connection; until then it can be told why.
  socket.on('error', () => session.fail(new FlotillaError('bad_frame', 'this is no Socket.IO packet')));
}

function answer({ code, message }: FlotillaError, transport: SocketIoTransport, ack: Ack | null): void {
  if (ack !== null) ack({ ok: false, code, message });
  else {
    transport.tell({ type: 'error', code, message });
    transport.flush();
  }
}
