import { avatar } from '../view/avatar.ts';
import { make, setText } from '../view/dom.ts';
import type { CallState } from './call-state.ts';
import type { CallMedia } from './calls.ts';
import { createVideo, playIn, toggleTracks } from './call-videos.ts';
import { duration, stateSentence } from './sentences.ts';

/** A key that was meant for something else, pressed just when it began to ring, answers nobody. */
const STARTLED_MS = 700;

/** What a person can do about a call. */
export interface CallActions {
  readonly accept: (withVideo: boolean) => void;
  readonly refuse: () => void;
  readonly hangUp: () => void;
  readonly close: () => void;
  /** It goes on ringing, without a sound. */
  readonly silence: () => void;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

type ButtonName = 'accept' | 'accept-audio' | 'refuse' | 'mute' | 'camera' | 'hang-up' | 'close';

/**
 * The dialog of a call. It keeps the page to itself while somebody calls, since that wants an answer; then it is a panel
 * beside the chat, which goes on. Escape silences the ring and refuses nobody.
 */
export class CallView {
  readonly #actions: CallActions;
  readonly #name = make('h2', { attributes: { id: 'call-name', dir: 'auto' } });
  readonly #sign = make('span', { className: 'call-sign' });
  readonly #sentence = make('p', {
    data: { testid: 'call-sentence' },
    attributes: { id: 'call-sentence', role: 'status' },
  });
  readonly #problem = make('p', {
    className: 'hint',
    data: { testid: 'call-problem' },
    attributes: { role: 'status' },
  });
  readonly #timer = make('span', { className: 'call-timer', attributes: { role: 'timer', 'aria-label': 'Duration' } });
  readonly #remote = createVideo('call-remote', false);
  readonly #own = createVideo('call-own', true);
  readonly #videos = make('div', { className: 'call-videos', children: [this.#remote, this.#own] });
  readonly #buttons: Readonly<Record<ButtonName, HTMLButtonElement>>;
  readonly #dialog: HTMLDialogElement;
  #state: CallState = { type: 'idle' };
  #isModal = false;
  #rangAtMs = 0;

  constructor(actions: CallActions) {
    this.#actions = actions;
    this.#buttons = {
      accept: this.#button('accept', 'Accept', (event) => this.#accept(event, true)),
      'accept-audio': this.#button('accept-audio', 'Accept without video', (event) => this.#accept(event, false)),
      refuse: this.#button('refuse', 'Refuse', () => actions.refuse()),
      mute: this.#switch('mute', 'Mute', 'audio'),
      camera: this.#switch('camera', 'Camera off', 'video'),
      'hang-up': this.#button('hang-up', 'Hang up', () => actions.hangUp()),
      close: this.#button('close', 'Close', () => actions.close()),
    };
    this.#dialog = this.#createDialog();
    document.body.append(this.#dialog);
    setInterval(() => this.#drawTimer(), 1_000);
  }

  draw(state: CallState, media: CallMedia): void {
    this.#state = state;
    if (state.type === 'idle') {
      this.#dialog.close();
      return;
    }
    const hadFocus = this.#dialog.contains(document.activeElement);
    Object.assign(this.#dialog.dataset, { state: state.type, media: state.type === 'talking' ? state.media : '' });
    setText(this.#name, state.other);
    if (this.#sign.dataset['of'] !== state.other) {
      this.#sign.replaceChildren(avatar(state.other));
      this.#sign.dataset['of'] = state.other;
    }
    this.#drawButtons(state, media);
    this.#drawVideos(state, media);
    this.#show(state.type === 'ringing', hadFocus);
    // After it is there: only what changes then is read out.
    setText(this.#sentence, stateSentence(state));
    setText(this.#problem, media.own.sentence ?? '');
    this.#drawTimer();
  }

  /** Focus goes to what is done first, unless somebody writes meanwhile, and back to where it was in the end. */
  #show(isModal: boolean, hadFocus: boolean): void {
    const isShown = this.#dialog.open && isModal === this.#isModal;
    this.#isModal = isModal;
    if (!isShown) {
      // To change between the two kinds it has to be closed.
      this.#dialog.close();
      if (isModal) {
        this.#rangAtMs = this.#actions.nowMs();
        this.#dialog.showModal();
      } else this.#dialog.show();
    }
    const focused = document.activeElement;
    const isLost = hadFocus && (!this.#dialog.contains(focused) || (focused as HTMLElement).hidden);
    if (!isShown || isLost) this.#first().focus();
  }

  /** Never what refuses: whoever has just answered may press the same key once more. */
  #first(): HTMLElement {
    const { accept, mute, close } = this.#buttons;
    const places = [accept, mute, this.#buttons['hang-up'], close];
    return places.find(({ hidden }) => !hidden) ?? this.#dialog;
  }

  #drawButtons(state: CallState, { own }: CallMedia): void {
    const isRinging = state.type === 'ringing' && !state.isAnswering;
    const isOn = state.type === 'dialling' || state.type === 'talking';
    const has = (kind: string): boolean => own.stream?.getTracks().some((track) => track.kind === kind) === true;
    const shown: Readonly<Record<ButtonName, boolean>> = {
      accept: isRinging,
      'accept-audio': isRinging && state.video,
      refuse: state.type === 'ringing',
      'hang-up': isOn,
      mute: isOn && has('audio'),
      camera: isOn && has('video'),
      close: state.type === 'over',
    };
    for (const [name, isShown] of Object.entries(shown)) this.#buttons[name as ButtonName].hidden = !isShown;
    if (isOn) return;
    // The next call begins with both on.
    for (const name of ['mute', 'camera'] as const) this.#buttons[name].ariaPressed = 'false';
  }

  #drawVideos(state: CallState, { own, remote }: CallMedia): void {
    const isOn = state.type === 'dialling' || state.type === 'talking' || state.type === 'ringing';
    const hasOwn = own.stream !== null && own.stream.getVideoTracks().length > 0;
    // Not hidden altogether: it plays the sound as well.
    this.#videos.dataset['shown'] = String(isOn && (hasOwn || (state.type === 'talking' && state.video)));
    this.#own.hidden = !hasOwn;
    playIn(this.#own, isOn ? own.stream : null);
    playIn(this.#remote, isOn ? remote : null);
    this.#remote.setAttribute('aria-label', state.type === 'talking' ? `Video of ${state.other}` : '');
  }

  #drawTimer(): void {
    const state = this.#state;
    const sinceMs = state.type === 'talking' ? state.sinceMs : null;
    this.#timer.hidden = sinceMs === null;
    setText(this.#timer, sinceMs === null ? '' : duration(this.#actions.nowMs() - sinceMs));
  }

  #accept(event: MouseEvent, withVideo: boolean): void {
    const isByKey = event.detail === 0;
    if (isByKey && this.#actions.nowMs() - this.#rangAtMs < STARTLED_MS) return;
    this.#actions.accept(withVideo);
  }

  #button(name: ButtonName, text: string, act: (event: MouseEvent) => void): HTMLButtonElement {
    const button = make('button', {
      className: name,
      text,
      data: { testid: `call-${name}` },
      attributes: { type: 'button' },
    });
    button.addEventListener('click', act);
    return button;
  }

  #switch(name: 'mute' | 'camera', text: string, kind: 'audio' | 'video'): HTMLButtonElement {
    const button = this.#button(name, text, () => {
      const isOff = button.ariaPressed !== 'true';
      button.ariaPressed = String(isOff);
      toggleTracks(this.#own.srcObject, kind, !isOff);
    });
    button.ariaPressed = 'false';
    return button;
  }

  #createDialog(): HTMLDialogElement {
    const dialog = make('dialog', {
      className: 'call',
      data: { testid: 'call' },
      attributes: { tabindex: '-1', 'aria-labelledby': 'call-name', 'aria-describedby': 'call-sentence' },
      children: [
        make('header', { children: [this.#sign, this.#name, this.#timer] }),
        this.#videos,
        this.#sentence,
        this.#problem,
        make('div', { className: 'call-buttons', children: Object.values(this.#buttons) }),
      ],
    });
    dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // A dialog would close by it, and leave the caller waiting.
      event.preventDefault();
      if (this.#state.type === 'ringing') this.#actions.silence();
      if (this.#state.type === 'over') this.#actions.close();
    });
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    return dialog;
  }
}
