import type { LogEntry } from '@flotilla-im/store';
import type { Frame, FrameRun } from '../delivery/frame-run.ts';
import { textFrame } from '../delivery/text-frame.ts';

/**
 * Socket.IO packets that are ready for the engine. `text` is one packet or several: what follows the first is joined by
 * the engine's own separator and type (Engine.IO 4, payloads of long polling). `frames` are the same packets as WebSocket
 * frames, so that nothing is encoded a second time.
 */
export interface Packets {
  readonly text: string;
  readonly frames: Buffer;
}

/** Engine.IO 4: U+001E between packets, `4` says "message". */
const NEXT_PACKET = '\u001e4';

const ofRuns = new WeakMap<FrameRun, Packets>();

/** The packets of a run: built once, for all connections that get it. */
export function packetsOf(run: FrameRun): Packets {
  const [first] = run.frames;
  if (first !== undefined && run.frames.length === 1) return packetsOfFrame(first);
  let packets = ofRuns.get(run);
  if (packets === undefined) {
    packets = joinPackets(run.frames.map(packetsOfFrame));
    ofRuns.set(run, packets);
  }
  return packets;
}

/** The same in parts of about `mostBytes` at most, as far as single messages allow it. */
export function partsOf(run: FrameRun, mostBytes: number): readonly Packets[] {
  const packets = packetsOf(run);
  return packets.frames.length <= mostBytes ? [packets] : run.frames.map(packetsOfFrame);
}

/** One event as packets. */
export function eventPackets(name: string, ...args: unknown[]): Packets {
  return encode(`2${JSON.stringify([name, ...args])}`);
}

/** Several packets as one. */
export function joinPackets(parts: readonly Packets[]): Packets {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return {
    text: parts.map(({ text }) => text).join(NEXT_PACKET),
    frames: Buffer.concat(parts.map(({ frames }) => frames)),
  };
}

function packetsOfFrame(frame: Frame): Packets {
  frame.encoded ??= encode(messageText(frame));
  return frame.encoded as Packets;
}

/** `message` and `live` carry the data first, as the application sent it, and what is known about it second. */
function messageText({ entry, isLive, position, log }: Frame): string {
  const channel = log.kind === 'channel' ? `,"channel":${JSON.stringify(log.id)}` : '';
  if (isLive) return `2["live",${dataOf(entry)},{${entry.head}${channel}}]`;
  return `2["message",${dataOf(entry)},{${entry.head},"at":${entry.at}${channel},"position":"${position}"}]`;
}

function dataOf({ format, data }: LogEntry): string {
  return format === 'text' ? JSON.stringify(data) : data;
}

function encode(text: string): Packets {
  return { text, frames: textFrame(`4${text}`) };
}
