import type { CallBegun, CallData, CallSignalContent, IceServer } from '../../../src/words.ts';
import { createKey } from '../create-key.ts';
import { type CallEvent, type CallState, type Farewell, IDLE, isFree, step, type Talking } from './call-state.ts';
import { callsApi, isOver, persist } from './calls-api.ts';
import { MediaWatch } from './media-watch.ts';
import { openOwnMedia, type OwnMedia } from './own-media.ts';
import { Peer } from './peer.ts';

/** The caller's page says that it rings, and a page in a call that it is there, every so often. */
const RING_EVERY_MS = 5_000;
const SIGN_EVERY_MS = 15_000;

/** What is shown of a call besides its state. */
export interface CallMedia {
  readonly own: OwnMedia;
  /** What the other one sends; null before the call. */
  readonly remote: MediaStream | null;
}

/** What calls need of the page. */
export interface CallsDeps {
  /** Called after every change. */
  readonly changed: (state: CallState, media: CallMedia) => void;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

const NOTHING: OwnMedia = Object.freeze({ stream: null, sentence: null });

/** The calls of this page: the state, and what follows from its changes. */
export class Calls {
  /** By it the pages of one person are told apart. */
  readonly #device = createKey();
  readonly #deps: CallsDeps;
  #state: CallState = IDLE;
  #own: OwnMedia = NOTHING;
  #peer: Peer | null = null;
  #watch: MediaWatch | null = null;
  /** null: the service has not said yet how to find a way. */
  #iceServers: readonly IceServer[] | null = null;
  /** The other page's signals that came before the media were there. */
  #early: { readonly call: string; readonly signal: CallSignalContent }[] = [];
  /** Calls that are over for this page, the last ones: what is still said about them is too late. */
  readonly #past: string[] = [];
  /** One signal after the other. */
  #saying: Promise<unknown> = Promise.resolve();
  #toldAtMs = 0;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
    setInterval(() => this.#tick(), 1_000);
    addEventListener('pagehide', () => this.#leave());
  }

  /** Calls somebody. */
  async dial(other: string, video: boolean): Promise<void> {
    if (!isFree(this.#state)) return;
    const key = createKey();
    this.#do({ type: 'dial', other, video, key, nowMs: this.#deps.nowMs() });
    // The answer may be here before the service's.
    const isWanted = (): boolean => {
      const state = this.#state;
      return !isFree(state) && (state.type === 'dialling' ? state.key === key : state.call.endsWith(`.${key}`));
    };
    await this.#openOwn(video, isWanted);
    if (!isWanted()) return;
    const dialling = { to: other, device: this.#device, key, video };
    await this.#attempt(async () => {
      const begun = await persist(() => callsApi.dial(dialling), isWanted);
      if (isWanted()) this.#begun(begun);
      // It was given up before the service had said how the call is called.
      else
        await persist(
          () => callsApi.hangUp({ call: begun.call, reason: 'hung_up' }),
          () => true,
        );
    }, isWanted);
  }

  /** Answers whoever calls. */
  async accept(withVideo: boolean): Promise<void> {
    const state = this.#state;
    if (state.type !== 'ringing' || state.isAnswering) return;
    this.#do({ type: 'answer' });
    const { call } = state;
    const isWanted = (): boolean => this.#isIn(call);
    const video = withVideo && state.video;
    await this.#openOwn(video, isWanted);
    if (!isWanted()) return;
    const answer = { call, device: this.#device, outcome: 'accepted', video } as const;
    await this.#attempt(async () => {
      this.#iceServers = (await persist(() => callsApi.answer(answer), isWanted)).iceServers;
      this.#do({ type: 'accepted' });
    }, isWanted);
  }

  refuse(): void {
    const state = this.#state;
    if (state.type !== 'ringing') return;
    this.#do({ type: 'refuse' });
    if (state.isAnswering) return;
    const answer = { call: state.call, device: this.#device, outcome: 'refused', video: false } as const;
    persist(
      () => callsApi.answer(answer),
      () => true,
    ).catch(() => undefined);
  }

  hangUp(reason: Farewell = 'hung_up'): void {
    this.#do({ type: 'hang_up', reason });
  }

  /** It was looked at. */
  close(): void {
    this.#do({ type: 'close' });
  }

  /** What Flotilla brings about calls, in its order. */
  heard(data: CallData): void {
    if (this.#past.includes(data.call)) return;
    if (data.type === 'signal') this.#hearSignal(data.call, data.device, data.to, data.signal);
    else this.#do({ type: 'heard', data, nowMs: this.#deps.nowMs() });
  }

  #isIn(call: string): boolean {
    return !isFree(this.#state) && this.#state.call === call;
  }

  #begun({ call, crossed, iceServers }: CallBegun): void {
    this.#iceServers = iceServers;
    this.#toldAtMs = this.#deps.nowMs();
    this.#do({ type: 'dialled', call, crossed, nowMs: this.#deps.nowMs() });
    this.#connect();
  }

  /** Sentences of the service are for the person. */
  async #attempt(act: () => Promise<void>, isWanted: () => boolean): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (isWanted()) this.#do({ type: 'failed', sentence: error instanceof Error ? error.message : String(error) });
    }
  }

  async #openOwn(video: boolean, isWanted: () => boolean): Promise<void> {
    // Missing in an insecure context, whatever the types say.
    const own = await openOwnMedia(navigator.mediaDevices, video);
    if (isWanted()) {
      this.#own = own;
      this.#tell();
    } else stop(own);
  }

  #do(event: CallEvent): void {
    const before = this.#state;
    const after = step(before, event, this.#device);
    if (after === before) return;
    this.#state = after;
    if (!isFree(before) && isFree(after)) this.#end(before.call);
    if (after.type === 'over' && after.tell !== null) this.#tellEnd(after.tell);
    if (after.type === 'talking' && before.type !== 'talking') this.#talk();
    this.#tell();
  }

  #tell(): void {
    this.#deps.changed(this.#state, { own: this.#own, remote: this.#peer?.remote ?? null });
  }

  #talk(): void {
    this.#toldAtMs = this.#deps.nowMs();
    this.#watch = new MediaWatch({
      restart: () => this.#peer?.restart(),
      giveUp: () => this.hangUp('failed'),
      tell: (media) => this.#do({ type: 'media', media, nowMs: this.#deps.nowMs() }),
      later: (act, ms) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
    });
    this.#connect();
  }

  /** Who answers may be heard of before the service has said that it rings, and with it how to find a way. */
  #connect(): void {
    const state = this.#state;
    if (state.type !== 'talking' || this.#peer !== null || this.#iceServers === null) return;
    this.#peer = new Peer({
      iceServers: this.#iceServers,
      isCaller: state.isCaller,
      video: state.video,
      local: this.#own.stream,
      say: (signal) => this.#say(state, signal),
      changed: (media) => this.#watch?.changed(media),
    });
    for (const { call, signal } of this.#early.splice(0)) if (call === state.call) this.#peer.hear(signal);
    this.#tell();
  }

  #say({ call, otherDevice: to }: Talking, signal: CallSignalContent): void {
    const said = { call, device: this.#device, to, key: createKey(), signal };
    const isWanted = (): boolean => this.#isIn(call);
    this.#saying = this.#saying.then(async () => {
      if (isWanted())
        await persist(() => callsApi.signal(said), isWanted).catch((error: unknown) => this.#onLost(error));
    });
  }

  #hearSignal(call: string, device: string, to: string, signal: CallSignalContent): void {
    const state = this.#state;
    // Which call it becomes is not known before the service has said so.
    const mayBecome = state.type === 'dialling' && state.call === null;
    if (to !== this.#device || !(mayBecome || this.#isIn(call))) return;
    if (state.type === 'talking' && state.otherDevice !== device) return;
    if (this.#peer !== null) this.#peer.hear(signal);
    else this.#early.push({ call, signal });
  }

  #tick(): void {
    const nowMs = this.#deps.nowMs();
    this.#do({ type: 'tick', nowMs });
    const state = this.#state;
    const isCalling = state.type === 'dialling' && state.call !== null;
    if (!isCalling && state.type !== 'talking') return;
    if (nowMs - this.#toldAtMs < (isCalling ? RING_EVERY_MS : SIGN_EVERY_MS)) return;
    this.#toldAtMs = nowMs;
    const { call } = state;
    if (call === null) return;
    const told = isCalling ? callsApi.ring({ call, device: this.#device, video: state.video }) : callsApi.sign(call);
    told.catch((error: unknown) => {
      if (this.#isIn(call)) this.#onLost(error);
    });
  }

  /** The service knows of no such call: its end was told, and did not come here. */
  #onLost(error: unknown): void {
    if (isOver(error)) this.#do({ type: 'failed', sentence: 'The call has ended.' });
  }

  #tellEnd(tell: { readonly call: string; readonly reason: Farewell }): void {
    persist(
      () => callsApi.hangUp(tell),
      () => true,
    ).catch(() => undefined);
  }

  #end(call: string | null): void {
    if (call !== null) this.#past.push(call);
    if (this.#past.length > 50) this.#past.shift();
    this.#watch?.close();
    this.#peer?.close();
    stop(this.#own);
    [this.#peer, this.#watch, this.#iceServers, this.#own, this.#early] = [null, null, null, NOTHING, []];
  }

  /** The page is closed or loaded anew. */
  #leave(): void {
    const state = this.#state;
    if ((state.type !== 'dialling' && state.type !== 'talking') || state.call === null) return;
    callsApi.leave({ call: state.call, reason: 'hung_up' });
  }
}

function stop({ stream }: OwnMedia): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
