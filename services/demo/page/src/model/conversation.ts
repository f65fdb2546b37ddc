import type { AcceptedMessage, FileData, MessageReceipt, TextData } from '../../../src/words.ts';
import { ReadPlace } from '../reads/read-place.ts';
import type { Arrival, IncomingMessage, ShownMessage } from './message.ts';
import { comparePlaces, type Place } from './place.ts';

/** What is kept of a conversation while the page is open. */
const KEPT = 5_000;

/** One conversation: every message once, in the order of its log, one's own unsent ones last. No I/O, no clock. */
export class Conversation {
  readonly #me: string;
  readonly #messages: ShownMessage[] = [];
  readonly #byIdentity = new Map<string, ShownMessage>();
  readonly #readByMe = new ReadPlace();
  readonly #readByThem = new ReadPlace();

  constructor(me: string) {
    this.#me = me;
  }

  get messages(): readonly ShownMessage[] {
    return this.#messages;
  }

  /** One's own private messages that are not known to have arrived. */
  get isUnsettled(): boolean {
    return this.#messages.some(({ from, state }) => from === this.#me && (state === 'sent' || state === 'offline'));
  }

  /** Takes a message in, whether it was here before or not. */
  accept(message: IncomingMessage, from: string, data: TextData | FileData, { isNews, isWaited }: Arrival): void {
    const { key } = data;
    const said = data.kind === 'file' ? { text: data.name, file: data } : { text: data.text, file: null };
    const shown = this.#find(from, key) ?? this.#add({ ...said, key, from, at: message.at });
    if (isNews) shown.arrivals += 1;
    if (isWaited && shown.arrivals === 1) shown.isWaited = true;
    this.#place(shown, message);
  }

  /** One's own message, shown before it is sent. */
  write(key: string, text: string, at: number): void {
    this.#add({ key, from: this.#me, text, file: null, at });
  }

  /** The service accepted it. */
  accepted(key: string, { state, ...message }: AcceptedMessage): void {
    const shown = this.#find(this.#me, key);
    if (shown === undefined) return;
    this.#place(shown, message);
    if (shown.state === 'sent') shown.state = state;
  }

  /** It cannot be sent, or is tried again. */
  mark(key: string, state: 'failed' | 'sending'): void {
    const shown = this.#find(this.#me, key);
    if (shown?.place === null) shown.state = state;
  }

  /** Somebody has looked at it up to a message: this person, on whichever page, or the other one. */
  read(messageId: string, isByMe: boolean): void {
    const place = this.#messages.findLast(({ id }) => id === messageId)?.place ?? null;
    if (isByMe) this.#readByMe.told(messageId, place);
    else if (this.#readByThem.told(messageId, place)) this.#markRead();
  }

  /** How far this person has read it, as far as the service was told. */
  get readByMe(): Place | null {
    return this.#readByMe.place;
  }

  /** The last of others' messages that the log has. */
  get lastOfOthers(): ShownMessage | null {
    return this.#messages.findLast(({ from, place }) => from !== this.#me && place !== null) ?? null;
  }

  /** What became of one of one's own; nothing takes `delivered` or `read` back. False: it is not in this conversation. */
  receipt({ messageId, state }: MessageReceipt): boolean {
    const shown = this.#messages.findLast(({ id }) => id === messageId);
    if (shown && shown.state !== 'delivered' && shown.state !== 'read') shown.state = state;
    return shown !== undefined;
  }

  /** How many of others come after a place. Without one: how many came while the page was open. */
  countAfter(place: Place | null): number {
    let count = 0;
    for (const message of this.#messages.toReversed()) {
      if (place && message.place && comparePlaces(message.place, place) <= 0) break;
      if (message.from !== this.#me && (place || message.arrivals > 0)) count += 1;
    }
    return count;
  }

  /** The end of the log as far as it is here. */
  get lastPlace(): Place | null {
    return this.#messages.findLast(({ place }) => place !== null)?.place ?? null;
  }

  #find(from: string, key: string): ShownMessage | undefined {
    return this.#byIdentity.get(`${key}/${from}`);
  }

  #add(given: Pick<ShownMessage, 'key' | 'from' | 'text' | 'file' | 'at'>): ShownMessage {
    const shown: ShownMessage = { ...given, id: null, place: null, state: 'sending', isWaited: false, arrivals: 0 };
    this.#byIdentity.set(`${shown.key}/${shown.from}`, shown);
    this.#messages.push(shown);
    if (this.#messages.length > KEPT) this.#forget(this.#messages.shift());
    return shown;
  }

  #forget(shown: ShownMessage | undefined): void {
    if (shown) this.#byIdentity.delete(`${shown.key}/${shown.from}`);
  }

  #place(shown: ShownMessage, { id, position, at }: Pick<IncomingMessage, 'id' | 'position' | 'at'>): void {
    if (shown.state === 'sending' || shown.state === 'failed') shown.state = 'sent';
    if (shown.place?.position === position) return;
    Object.assign(shown, { id, at, place: { position, at } });
    this.#messages.splice(this.#messages.indexOf(shown), 1);
    this.#messages.splice(this.#indexFor(shown.place), 0, shown);
    const place = { position, at };
    this.#readByMe.placed(id, place);
    if (this.#readByThem.placed(id, place)) this.#markRead();
    else if (shown.from === this.#me && this.#readByThem.covers(place)) shown.state = 'read';
  }

  /** Whatever stands before what was read was read, too. */
  #markRead(): void {
    for (const shown of this.#messages.toReversed()) {
      if (shown.from !== this.#me || shown.place === null || !this.#readByThem.covers(shown.place)) continue;
      if (shown.state === 'read') return;
      shown.state = 'read';
    }
  }

  /** From the end, where new messages belong. */
  #indexFor(place: Place | null): number {
    if (place === null) return this.#messages.length;
    return 1 + this.#messages.findLastIndex((other) => other.place !== null && comparePlaces(other.place, place) < 0);
  }
}
