import { byId } from './dom.ts';

const SHOWN_MS = 6_000;

/** What went wrong, in a sentence, for a while. */
export class Notice {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Owns the failure of an action. */
  attempt(action: Promise<unknown>): void {
    action.catch((error: unknown) => this.show(error instanceof Error ? error.message : String(error)));
  }

  show(sentence: string): void {
    const notice = byId('notice', HTMLElement);
    notice.textContent = sentence;
    notice.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (notice.hidden = true), SHOWN_MS);
  }
}
