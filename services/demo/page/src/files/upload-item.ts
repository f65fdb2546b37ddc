import { make, setText } from '../view/dom.ts';

/** What can be done with an upload. */
export interface UploadActions {
  readonly cancel: () => void;
  readonly again: () => void;
}

/** How an upload stands: `waiting` for others or for the service, under way, or failed. */
export type UploadState = 'waiting' | 'sending' | 'failed';

/** One file that is being sent, with its bar. */
export class UploadItem {
  readonly element: HTMLElement;
  readonly #words: string;
  readonly #bar: HTMLProgressElement;
  readonly #detail = make('span', { className: 'hint' });
  readonly #cancel: HTMLButtonElement;
  readonly #again: HTMLButtonElement;

  /** @param words - its name and size; @param to - who gets it */
  constructor(words: string, to: string, { cancel, again }: UploadActions) {
    this.#words = words;
    this.#bar = make('progress', { attributes: { max: '100', 'aria-label': `${words}, to ${to}` } });
    this.#cancel = button('', '', cancel);
    this.#again = button('Try again', `Try again: ${words}`, again);
    const name = make('span', { className: 'name', text: `${words}, to ${to}`, attributes: { dir: 'auto' } });
    this.element = make('li', {
      data: { testid: 'upload' },
      children: [make('div', { children: [name, this.#bar, this.#detail] }), this.#again, this.#cancel],
    });
  }

  /** @param percent - what was sent; @param detail - a sentence for the person, empty for none */
  show(state: UploadState, percent: number, detail: string, canRepeat = false): void {
    this.element.dataset['state'] = state;
    this.#bar.value = percent;
    this.#bar.hidden = state === 'failed';
    setText(this.#detail, detail);
    this.#again.hidden = !canRepeat;
    const verb = state === 'failed' ? 'Close' : 'Cancel';
    setText(this.#cancel, verb);
    this.#cancel.ariaLabel = `${verb} ${this.#words}`;
  }
}

function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const made = make('button', { className: 'quiet', text, attributes: { type: 'button', 'aria-label': label } });
  made.addEventListener('click', act);
  return made;
}
