import { encodeData, type FrameLimits, FlotillaError, parseClientFrame } from '@flotilla-im/protocol';
import type { ClientRequest, Positions } from '../connections/session.ts';
import { toPositions } from './positions.ts';

/** What a client's event asks for. */
export type Asked =
  | { readonly type: 'request'; readonly request: ClientRequest }
  | { readonly type: 'ack'; readonly positions: Positions };

const FIELDS_OF: Readonly<Record<string, (argument: unknown) => object>> = {
  send: asFields,
  publish: asFields,
  ack: asFields,
  upstream: (data) => ({ data }),
  subscribe: (channel) => ({ channel }),
  unsubscribe: (channel) => ({ channel }),
};

/**
 * Reads an event of a Socket.IO client: `send` ({to, data, live?, id?}), `publish` ({channel, data, live?, id?}),
 * `upstream` (data), `subscribe` and `unsubscribe` (channel), `ack` ({inbox?, channels?}). They become the frames of
 * `flotilla.v1` and are judged as those are.
 *
 * @param newId - an id for a request that brought none
 * @throws {FlotillaError} bad_frame, bad_data and whatever `parseClientFrame` throws
 */
export function readEvent(name: string, argument: unknown, newId: () => string, limits: FrameLimits): Asked {
  const fieldsOf = Object.hasOwn(FIELDS_OF, name) ? FIELDS_OF[name] : undefined;
  if (fieldsOf === undefined) throw new FlotillaError('bad_frame', 'there is no event of this name');
  const text = encodeData({ id: newId(), ...fieldsOf(argument), type: name }, Number.POSITIVE_INFINITY);
  const frame = parseClientFrame(text, limits);
  switch (frame.type) {
    case 'ack':
      return { type: 'ack', positions: toPositions(frame) };
    case 'resume':
    case 'ping':
      throw new FlotillaError('bad_frame', 'there is no event of this name');
    default:
      return { type: 'request', request: frame };
  }
}

function asFields(argument: unknown): object {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) return argument;
  throw new FlotillaError('bad_frame', 'the event takes one object');
}
