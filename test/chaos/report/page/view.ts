/** Which part of the run is shown, and which time is looked at. Seconds since the run began. */
export interface View {
  readonly fromS: number;
  readonly toS: number;
  readonly nowS: number;
}

/** The one state of the page: whoever changes it calls these, whoever shows it subscribes. */
export class Views {
  readonly #durationS: number;
  readonly #shown: ((view: View) => void)[] = [];
  #view: View;

  /** Shows the whole run, at its beginning. */
  constructor(durationS: number) {
    this.#durationS = durationS;
    this.#view = { fromS: 0, toS: durationS, nowS: 0 };
  }

  get view(): View {
    return this.#view;
  }

  get isWhole(): boolean {
    return this.#view.fromS === 0 && this.#view.toS === this.#durationS;
  }

  /** Calls `show` now and after every change. */
  subscribe(show: (view: View) => void): void {
    this.#shown.push(show);
    show(this.#view);
  }

  /** Looks at a time; what is shown moves along when the time lies beside it. */
  lookAt(seconds: number): void {
    const nowS = Math.min(this.#durationS, Math.max(0, seconds));
    const { fromS, toS } = this.#view;
    this.#view = { fromS, toS, nowS };
    if (nowS < fromS || nowS > toS) this.#within(nowS - (toS - fromS) / 2, toS - fromS);
    this.#tell();
  }

  /** Shows a part of the run, at least a second of it. */
  show(fromS: number, toS: number): void {
    this.#within(fromS, toS - fromS);
    const { nowS } = this.#view;
    if (nowS < this.#view.fromS || nowS > this.#view.toS) this.#view = { ...this.#view, nowS: this.#view.fromS };
    this.#tell();
  }

  whole(): void {
    this.show(0, this.#durationS);
  }

  /** Shows so many times as much, around the time that is looked at. */
  zoom(factor: number): void {
    const { fromS, toS, nowS } = this.#view;
    this.show(nowS - (nowS - fromS) * factor, nowS + (toS - nowS) * factor);
  }

  #within(fromS: number, lengthS: number): void {
    const kept = Math.min(this.#durationS, Math.max(1, lengthS));
    const from = Math.min(this.#durationS - kept, Math.max(0, fromS));
    this.#view = { ...this.#view, fromS: from, toS: from + kept };
  }

  #tell(): void {
    for (const show of this.#shown) show(this.#view);
  }
}
