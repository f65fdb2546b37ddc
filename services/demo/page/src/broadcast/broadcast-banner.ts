import { byId, setText } from '../view/dom.ts';

/** A notice to everybody, over whatever is open, until it is closed or the notices are opened. */
export class BroadcastBanner {
  constructor() {
    byId('broadcast-close', HTMLElement).addEventListener('click', () => this.hide());
  }

  show(from: string, text: string): void {
    setText(byId('broadcast-from', HTMLElement), from);
    setText(byId('broadcast-text', HTMLElement), text);
    byId('broadcast', HTMLElement).hidden = false;
  }

  hide(): void {
    byId('broadcast', HTMLElement).hidden = true;
  }
}
