import type { Announcement, ListedChannel } from '../../../src/words.ts';

/** Who and what is there: the lists as asked for last, and what was announced since. */
export class Directory {
  #online: ReadonlySet<string> = new Set();
  #channels: ReadonlyMap<string, ListedChannel> = new Map();
  readonly #asked = { online: false, channels: false };
  /** Who put this person out, by channel. */
  readonly #putOutBy = new Map<string, string>();

  /** Whether both lists were here once: until then nobody is said to be away, and nobody to be no member. */
  get isKnown(): boolean {
    return this.#asked.online && this.#asked.channels;
  }

  get channels(): readonly ListedChannel[] {
    return [...this.#channels.values()].sort((a, b) => a.channel.localeCompare(b.channel));
  }

  get online(): readonly string[] {
    return [...this.#online];
  }

  isOnline(clientId: string): boolean {
    return this.#online.has(clientId);
  }

  channel(name: string): ListedChannel | undefined {
    return this.#channels.get(name);
  }

  isJoined(channel: string): boolean {
    return this.#channels.get(channel)?.isJoined === true;
  }

  setOnline(clientIds: readonly string[]): void {
    this.#online = new Set(clientIds);
    this.#asked.online = true;
  }

  setChannels(channels: readonly ListedChannel[]): void {
    this.#channels = new Map(channels.map((channel) => [channel.channel, channel]));
    this.#asked.channels = true;
  }

  /** This person joined or left, on this page or on another. */
  setJoined(channel: string, isJoined: boolean): void {
    const { members = 1, isMine = false } = this.#channels.get(channel) ?? {};
    this.#put({ channel, members, isJoined, isMine: isMine && isJoined });
    if (isJoined) this.#putOutBy.delete(channel);
  }

  /** Somebody put this person out of a channel. */
  setPutOut(channel: string, by: string): void {
    this.#putOutBy.set(channel, by);
  }

  /** Who put this person out of a channel; null: nobody, or they came again. */
  putOutBy(channel: string): string | null {
    return this.#putOutBy.get(channel) ?? null;
  }

  announce(said: Announcement): void {
    if (said.kind === 'channel') {
      const { channel, members } = said;
      const { isJoined = false, isMine = false } = this.#channels.get(channel) ?? {};
      this.#put({ channel, members, isJoined, isMine });
      return;
    }
    const online = new Set(this.#online);
    if (said.isOnline) online.add(said.clientId);
    else online.delete(said.clientId);
    this.#online = online;
  }

  /** A channel without members is none. */
  #put(listed: ListedChannel): void {
    const channels = new Map(this.#channels).set(listed.channel, listed);
    if (listed.members === 0) channels.delete(listed.channel);
    this.#channels = channels;
  }
}
