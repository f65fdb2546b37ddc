import { avatar } from '../view/avatar.ts';
import { arrange, byId, make, setText } from '../view/dom.ts';

/** What the dialog needs of the chat. */
export interface MembersDeps {
  readonly me: string;
  readonly load: (channel: string) => Promise<readonly string[]>;
  readonly putOut: (channel: string, name: string) => Promise<unknown>;
  readonly isOnline: (name: string) => boolean;
}

/** Who is in a channel; who created it puts others out here. */
export class MembersDialog {
  readonly #deps: MembersDeps;
  readonly #dialog = byId('members-dialog', HTMLDialogElement);
  #channel = '';
  #isMine = false;

  constructor(deps: MembersDeps) {
    this.#deps = deps;
    byId('members-close', HTMLElement).addEventListener('click', () => this.close());
    this.#dialog.addEventListener('click', (event) => {
      // The dialog's own box is full of its content: what hits the element itself is beside it.
      if (event.target === this.#dialog) this.close();
    });
  }

  /** @param isMine - whether this person created it */
  open(channel: string, isMine: boolean): void {
    this.#channel = channel;
    this.#isMine = isMine;
    setText(byId('members-title', HTMLElement), `Members of # ${channel}`);
    byId('members-hint', HTMLElement).hidden = !isMine;
    arrange(byId('members', HTMLElement), []);
    this.#dialog.showModal();
    this.#attempt(this.#draw());
  }

  close(): void {
    this.#dialog.close();
  }

  async #draw(): Promise<void> {
    const members = await this.#deps.load(this.#channel);
    arrange(
      byId('members', HTMLElement),
      members.map((name) => this.#member(name)),
    );
  }

  #member(name: string): HTMLElement {
    const { me, isOnline } = this.#deps;
    const isHere = name === me || isOnline(name);
    const children: Node[] = [
      avatar(name),
      make('span', { className: 'name', text: name, attributes: { dir: 'auto' } }),
      make('span', { className: 'detail', text: name === me ? 'you' : isHere ? 'online' : 'offline' }),
    ];
    if (this.#isMine && name !== me) children.push(this.#button(name));
    return make('li', { data: { testid: 'member', person: name, online: String(isHere) }, children });
  }

  #button(name: string): HTMLElement {
    const attributes = { type: 'button', 'aria-label': `Put out ${name}` };
    const button = make('button', { className: 'put-out', text: 'Put out', attributes });
    button.addEventListener('click', () => {
      button.disabled = true;
      this.#attempt(this.#putOut(name));
    });
    return button;
  }

  async #putOut(name: string): Promise<void> {
    try {
      await this.#deps.putOut(this.#channel, name);
    } finally {
      await this.#draw();
      // The button that had it is gone.
      byId('members-close', HTMLElement).focus();
    }
  }

  #attempt(action: Promise<unknown>): void {
    const error = byId('members-error', HTMLElement);
    setText(error, '');
    action.catch((reason: unknown) => setText(error, reason instanceof Error ? reason.message : String(reason)));
  }
}
