/** An interruption so long is mended by looking for a way anew. */
const RESTART_MS = 4_000;
/** So long without a way between the two and the call is given up. */
export const GIVE_UP_MS = 20_000;

/** What watching needs. */
export interface MediaWatchDeps {
  /** Looks for a way between the browsers anew. */
  readonly restart: () => void;
  readonly giveUp: () => void;
  readonly tell: (media: 'connecting' | 'connected' | 'lost') => void;
  /** After so many milliseconds; the returned function takes it back. */
  readonly later: (act: () => void, ms: number) => () => void;
}

/** Watches the way between the two browsers, from the moment that one is looked for. No clock of its own. */
export class MediaWatch {
  readonly #deps: MediaWatchDeps;
  #hasConnected = false;
  #takeBackRestart: (() => void) | null = null;
  #takeBackGiveUp: (() => void) | null = null;

  constructor(deps: MediaWatchDeps) {
    this.#deps = deps;
    this.#without();
  }

  /** What the browser says of it (WebRTC 1.0, section 4.3.3). */
  changed(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      this.#hasConnected = true;
      this.close();
      this.#deps.tell('connected');
    } else if (state === 'failed' || state === 'disconnected') {
      this.#without();
      this.#restartIn(state === 'failed' ? 0 : RESTART_MS);
      this.#deps.tell(this.#hasConnected ? 'lost' : 'connecting');
    }
  }

  close(): void {
    this.#takeBackRestart?.();
    this.#takeBackGiveUp?.();
    this.#takeBackRestart = this.#takeBackGiveUp = null;
  }

  #without(): void {
    this.#takeBackGiveUp ??= this.#deps.later(() => {
      this.close();
      this.#deps.giveUp();
    }, GIVE_UP_MS);
  }

  /** Once more after a while: what was said last may not have arrived. */
  #restartIn(ms: number): void {
    this.#takeBackRestart?.();
    this.#takeBackRestart = this.#deps.later(() => {
      this.#deps.restart();
      this.#restartIn(RESTART_MS);
    }, ms);
  }
}
