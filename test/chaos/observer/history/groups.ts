/** Places of items, put together by a number that each of them has, in the order they came. */
export class Groups {
  readonly #starts: Int32Array;
  readonly #places: Int32Array;

  /** @param keys - the group of each item @param count - how many groups there are */
  constructor(keys: Int32Array, count: number) {
    const starts = new Int32Array(count + 1);
    for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
    for (let group = 0; group < count; group += 1) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
    const next = starts.slice();
    const places = new Int32Array(keys.length);
    for (const [place, key] of keys.entries()) {
      const at = next[key] ?? 0;
      places[at] = place;
      next[key] = at + 1;
    }
    this.#starts = starts;
    this.#places = places;
  }

  /** Places of the items of a group; none for one that there is not. */
  of(group: number): Int32Array {
    return this.#places.subarray(this.#starts[group] ?? 0, this.#starts[group + 1] ?? 0);
  }
}
