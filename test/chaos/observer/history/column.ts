/** Numbers in place, as many as come: a few bytes each where objects would take a hundred. */
export class Column<Values extends Float64Array | Int32Array> {
  #values: Values;
  #length = 0;
  readonly #create: (length: number) => Values;

  constructor(create: (length: number) => Values) {
    this.#create = create;
    this.#values = create(64);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#create(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** NaN beyond the end. */
  at(index: number): number {
    return index < this.#length ? (this.#values[index] ?? NaN) : NaN;
  }

  /** All of them, in place. */
  values(): Values {
    return this.#values.subarray(0, this.#length) as Values;
  }
}

/** Times, and whatever else has a fraction. */
export function floatColumn(): Column<Float64Array> {
  return new Column((length) => new Float64Array(length));
}

/** Whole numbers below 2^31. */
export function wholeColumn(): Column<Int32Array> {
  return new Column((length) => new Int32Array(length));
}
