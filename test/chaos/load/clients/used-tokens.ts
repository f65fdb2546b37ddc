/** As many are remembered: more than are asked for at a time. */
const MOST = 1_000;

/** Addresses, tokens included, over which a shard has served somebody. */
export class UsedTokens {
  #urls: string[] = [];

  add(url: string): void {
    this.#urls.push(url);
    if (this.#urls.length > 2 * MOST) this.#urls = this.#urls.slice(-MOST);
  }

  /** The latest, whose tokens have most of their time left. */
  latest(count: number): readonly string[] {
    return count > 0 ? this.#urls.slice(-count) : [];
  }
}
