import { formatPosition } from '@flotilla-im/protocol';
import type { LogEntry, LogKey } from '@flotilla-im/store';
import type { Frame } from './frame-run.ts';
import { textFrame } from './text-frame.ts';

/** A frame that builds its bytes when the first connection of a protocol asks, and keeps them for the others of that turn. */
export class MessageFrame implements Frame {
  readonly log: LogKey;
  readonly entry: LogEntry;
  readonly isLive: boolean;
  readonly position: string;
  encoded: unknown = undefined;
  #v1: Buffer | null = null;
  #plain: Buffer | null = null;

  constructor(log: LogKey, entry: LogEntry, isLive: boolean) {
    this.log = log;
    this.entry = entry;
    this.isLive = isLive;
    this.position = isLive ? '' : formatPosition(entry);
  }

  /** About the bytes that one connection gets: for bounds, not for accounts. */
  get weight(): number {
    return this.entry.data.length + 160;
  }

  /** A WebSocket text frame holding the `message` or `live` frame of `flotilla.v1`. */
  v1(): Buffer {
    return (this.#v1 ??= textFrame(this.#v1Text()));
  }

  /** A WebSocket text frame holding exactly the data. */
  plain(): Buffer {
    return (this.#plain ??= textFrame(this.entry.data));
  }

  /** Lets go of its bytes. Who comes later has them built again: few do, and the bytes weigh more than the message. */
  forgetBytes(): void {
    this.#v1 = null;
    this.#plain = null;
    this.encoded = undefined;
  }

  /** By concatenation: what the sender serialised once is never parsed on its way. */
  #v1Text(): string {
    const { log, entry } = this;
    const data = entry.format === 'json' ? entry.data : JSON.stringify(entry.data);
    const channel = log.kind === 'channel' ? `,"channel":${JSON.stringify(log.id)}` : '';
    return this.isLive
      ? `{"type":"live",${entry.head}${channel},"data":${data}}`
      : `{"type":"message","position":"${this.position}",${entry.head},"at":${entry.at}${channel},"data":${data}}`;
  }
}
