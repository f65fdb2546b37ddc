import type { ClientFrame } from './client-frames.ts';
import type { LiveFrame, MessageFrame, ServerFrame } from './server-frames.ts';

/** A client's frame as its text. */
export function encodeClientFrame(frame: ClientFrame): string {
  return JSON.stringify(frame);
}

/** A pod's frame as its text. */
export function encodeServerFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}

/**
 * A `message` or `live` frame around data that is JSON already: what was serialised once by the sender is never parsed on
 * its way.
 */
export function encodeDeliveryFrame(
  head: Omit<MessageFrame, 'data'> | Omit<LiveFrame, 'data'>,
  dataJson: string,
): string {
  return `${JSON.stringify(head).slice(0, -1)},"data":${dataJson}}`;
}
