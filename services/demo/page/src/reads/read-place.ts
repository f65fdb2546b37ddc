import { comparePlaces, type Place } from '../model/place.ts';

/** How far somebody has read a conversation. Told by message, because the two inboxes count each for itself. */
export class ReadPlace {
  #place: Place | null = null;
  /** Told before the message was here: it is older than what was loaded. */
  readonly #awaited = new Set<string>();

  /** The last message that is known to be read. */
  get place(): Place | null {
    return this.#place;
  }

  /** Whether it was read: true for all that come before the last that was. */
  covers(place: Place): boolean {
    return this.#place !== null && comparePlaces(place, this.#place) <= 0;
  }

  /** Read up to a message. @param place - null: it is not here. Gives whether that is news. */
  told(messageId: string, place: Place | null): boolean {
    if (place === null) this.#awaited.add(messageId);
    if (place === null || this.covers(place)) return false;
    this.#place = place;
    return true;
  }

  /** A message has found its place. Gives whether it was awaited. */
  placed(messageId: string, place: Place): boolean {
    return this.#awaited.delete(messageId) && this.told(messageId, place);
  }
}
