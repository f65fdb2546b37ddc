/** Gives out whole numbers for names, 0, 1, 2, …: millions of records then hold numbers. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];

  get size(): number {
    return this.#names.length;
  }

  /** The number of a name; a new one for a new name. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.length;
    this.#ids.set(name, id);
    this.#names.push(name);
    return id;
  }

  /** Undefined for a name that never came. */
  find(name: string): number | undefined {
    return this.#ids.get(name);
  }

  /** @throws RangeError for a number that was not given out */
  name(id: number): string {
    const name = this.#names[id];
    if (name === undefined) throw new RangeError(`nothing has the number ${id}`);
    return name;
  }
}
