import { clientFrame } from './frame-reader.ts';

/** What the load has to say and to recognise in one server's protocol. */
export interface Dialect {
  readonly subprotocol: string | null;
  /** Sent when the handshake is done (null: the server speaks first). */
  readonly hello: string | null;
  /** Answers a text that is no message; `ready` once messages may come. */
  control(text: Buffer): { answer?: string; ready?: boolean };
  /** Whether the text that begins there is a message; looks at a few bytes, since it is asked for each. */
  isMessage(bytes: Buffer, start: number): boolean;
  /** Acknowledges everything up to this message, or null where the protocol has no such frame. */
  acknowledgement(text: Buffer): Buffer | null;
}

const WELCOME = Buffer.from('{"type":"welcome"');
const POSITION = Buffer.from('"position":"');
const CHANNEL = Buffer.from('"channel":"');

/** `flotilla.v1`: resumes, acknowledges positions. */
export const FLOTILLA_V1: Dialect = Object.freeze({
  subprotocol: 'flotilla.v1',
  hello: '{"type":"resume"}',
  control: (text: Buffer) => ({ ready: startsWith(text, WELCOME) }),
  // `{"type":"message"`; `moved` begins with the same letter.
  isMessage: (bytes: Buffer, start: number) => bytes[start + 9] === 0x6d && bytes[start + 10] === 0x65,
  acknowledgement(text: Buffer) {
    const position = member(text, POSITION);
    const channel = member(text, CHANNEL);
    if (position === null) return null;
    const place = channel === null ? `"inbox":"${position}"` : `"channels":{"${channel}":"${position}"}`;
    return clientFrame(`{"type":"ack",${place}}`);
  },
});

/** Engine.IO 4 with Socket.IO 5 packets: joins the namespace, answers pings, knows no acknowledgement of events. */
export const SOCKET_IO: Dialect = Object.freeze({
  subprotocol: null,
  hello: null,
  control(text: Buffer) {
    const kind = text.toString('latin1', 0, 2);
    if (kind.startsWith('0')) return { answer: '40' };
    if (kind === '2') return { answer: '3' };
    return { ready: kind === '40' };
  },
  isMessage: (bytes: Buffer, start: number) => bytes[start] === 0x34 && bytes[start + 1] === 0x32,
  acknowledgement: () => null,
});

function startsWith(text: Buffer, head: Buffer): boolean {
  return text.length >= head.length && text.compare(head, 0, head.length, 0, head.length) === 0;
}

/** The text of a JSON string member without escapes, as positions and this bench's channel names are. */
function member(text: Buffer, name: Buffer): string | null {
  const at = text.indexOf(name);
  if (at < 0) return null;
  const start = at + name.length;
  return text.toString('latin1', start, text.indexOf(0x22, start));
}
