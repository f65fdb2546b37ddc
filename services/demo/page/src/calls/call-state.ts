import type { CallData, EndedData } from '../../../src/words.ts';
import { endSentence, missedSentence, unansweredSentence } from './sentences.ts';

/** What was given up by this page is told to the service with one of these. */
export type Farewell = 'hung_up' | 'no_answer' | 'failed';

/** Nobody calls. */
interface Idle {
  readonly type: 'idle';
}

/** This page calls somebody. */
interface Dialling {
  readonly type: 'dialling';
  readonly other: string;
  readonly video: boolean;
  /** Made by this page; the call's id ends with it. */
  readonly key: string;
  /** null: the service has not said yet that it rings. */
  readonly call: string | null;
  readonly sinceMs: number;
}

/** Somebody calls. */
interface Ringing {
  readonly type: 'ringing';
  readonly call: string;
  readonly other: string;
  /** The page that calls. */
  readonly otherDevice: string;
  readonly video: boolean;
  /** It was pressed here: no second time. */
  readonly isAnswering: boolean;
  /** The caller's page says so again and again. */
  readonly heardAtMs: number;
}

/** The two browsers talk, or are about to. */
export interface Talking {
  readonly type: 'talking';
  readonly call: string;
  readonly other: string;
  readonly otherDevice: string;
  readonly isCaller: boolean;
  /** Whether it is a call with pictures. */
  readonly video: boolean;
  readonly media: 'connecting' | 'connected' | 'lost';
  /** When the media first came; null: not yet. */
  readonly sinceMs: number | null;
}

/** How it ended, until that was looked at. */
interface Over {
  readonly type: 'over';
  readonly other: string;
  readonly sentence: string;
  /** It rang, and nobody answered: it is shown until somebody looks. */
  readonly isMissed: boolean;
  /** What the page has to tell, when it was this page that ended it. */
  readonly tell: { readonly call: string; readonly reason: Farewell } | null;
}

/** A call as this page sees it. */
export type CallState = Idle | Dialling | Ringing | Talking | Over;

/** What happens to it. Times are monotonic, in milliseconds. */
export type CallEvent =
  | {
      readonly type: 'dial';
      readonly other: string;
      readonly video: boolean;
      readonly key: string;
      readonly nowMs: number;
    }
  /** The service rings there. */
  | {
      readonly type: 'dialled';
      readonly call: string;
      /** The other one was dialling as well, on that device, and it is their call. */
      readonly crossed: { readonly device: string; readonly video: boolean } | null;
      readonly nowMs: number;
    }
  | { readonly type: 'heard'; readonly data: CallData; readonly nowMs: number }
  | { readonly type: 'answer' }
  /** The service took this page's acceptance. */
  | { readonly type: 'accepted' }
  | { readonly type: 'refuse' }
  | { readonly type: 'media'; readonly media: Talking['media']; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number }
  | { readonly type: 'hang_up'; readonly reason: Farewell }
  /** What the service said to something that this page asked for. */
  | { readonly type: 'failed'; readonly sentence: string }
  | { readonly type: 'close' };

/** A call rings so long, then nobody answers. */
export const RINGS_MS = 30_000;
/** The caller's page says every 5 s that it rings; one that is silent for five of these is gone. */
export const RING_GONE_MS = 25_000;

/** The state before everything. */
export const IDLE: CallState = Object.freeze({ type: 'idle' });

/** What becomes of the state; the very same object when nothing does. @param device - of this page */
export function step(state: CallState, event: CallEvent, device: string): CallState {
  switch (event.type) {
    case 'dial':
      if (!isFree(state)) return state;
      return {
        type: 'dialling',
        other: event.other,
        video: event.video,
        key: event.key,
        call: null,
        sinceMs: event.nowMs,
      };
    case 'dialled':
      if (state.type !== 'dialling') return state;
      return event.crossed === null
        ? { ...state, call: event.call, sinceMs: event.nowMs }
        : talking({ ...state, call: event.call, video: event.crossed.video }, false, event.crossed.device);
    case 'heard':
      return heard(state, event.data, event.nowMs, device);
    case 'answer':
      return state.type === 'ringing' ? { ...state, isAnswering: true } : state;
    case 'accepted':
      return state.type === 'ringing' ? talking(state, false, state.otherDevice) : state;
    case 'refuse':
      return state.type === 'ringing' ? refused(state) : state;
    case 'media': {
      if (state.type !== 'talking') return state;
      const sinceMs = event.media === 'connected' ? (state.sinceMs ?? event.nowMs) : state.sinceMs;
      return { ...state, media: event.media, sinceMs };
    }
    case 'tick':
      return ticked(state, event.nowMs);
    case 'hang_up':
      return hungUp(state, event.reason);
    case 'failed':
      return isFree(state) ? state : over(state.other, event.sentence);
    case 'close':
      return state.type === 'over' ? IDLE : state;
  }
}

/** Whether somebody can be called, or call. */
export function isFree(state: CallState): state is Idle | Over {
  return state.type === 'idle' || state.type === 'over';
}

function heard(state: CallState, data: CallData, nowMs: number, device: string): CallState {
  if (data.type === 'ring') return rung(state, data, nowMs);
  if (!isAbout(state, data.call)) return state;
  if (data.type === 'ended') return ended(state, data);
  if (data.type !== 'answered') return state;
  if (state.type === 'dialling' && data.by === state.other) {
    const isAccepted = data.outcome === 'accepted';
    return isAccepted
      ? talking({ ...state, call: data.call }, true, data.device)
      : over(state.other, `${state.other} refused.`);
  }
  // Another device of this person answered; what this one answered it hears from the service.
  if (state.type === 'ringing' && data.device !== device) {
    return over(state.other, `${data.outcome === 'accepted' ? 'Answered' : 'Refused'} on another device.`);
  }
  return state;
}

function ended(state: Dialling | Ringing | Talking, data: EndedData): Over {
  return state.type === 'ringing' ? missed(state) : over(state.other, endSentence(state.other, data));
}

function rung(state: CallState, data: Extract<CallData, { type: 'ring' }>, nowMs: number): CallState {
  const { call, from: other, device: otherDevice, video } = data;
  if (state.type === 'ringing' && state.call === call) return { ...state, heardAtMs: nowMs };
  if (!isFree(state)) return state;
  return { type: 'ringing', call, other, otherDevice, video, isAnswering: false, heardAtMs: nowMs };
}

/** Before the service has answered, its page knows its call by the key in the id. */
function isAbout(state: CallState, call: string): state is Dialling | Ringing | Talking {
  if (isFree(state)) return false;
  return state.call === call || (state.type === 'dialling' && call.endsWith(`.${state.key}`));
}

function talking(
  { call, other, video }: { readonly call: string; readonly other: string; readonly video: boolean },
  isCaller: boolean,
  otherDevice: string,
): Talking {
  return { type: 'talking', call, other, otherDevice, isCaller, video, media: 'connecting', sinceMs: null };
}

function ticked(state: CallState, nowMs: number): CallState {
  if (state.type === 'dialling' && state.call !== null && nowMs - state.sinceMs >= RINGS_MS) {
    return over(state.other, unansweredSentence(state.other), { call: state.call, reason: 'no_answer' });
  }
  if (state.type === 'ringing' && !state.isAnswering && nowMs - state.heardAtMs >= RING_GONE_MS) {
    return missed(state);
  }
  return state;
}

/** What was accepted a moment ago is ended instead: of two answers the first would count. */
function refused({ call, other, isAnswering }: Ringing): Over {
  return over(other, `You refused the call of ${other}.`, isAnswering ? { call, reason: 'hung_up' } : null);
}

function hungUp(state: CallState, reason: Farewell): CallState {
  if (state.type !== 'dialling' && state.type !== 'talking') return state;
  const { call, other } = state;
  const by: Pick<EndedData, 'by' | 'reason'> = { by: null, reason };
  const sentence = reason === 'hung_up' ? 'You hung up.' : endSentence(other, by);
  return over(other, sentence, call === null ? null : { call, reason });
}

function over(other: string, sentence: string, tell: Over['tell'] = null): Over {
  return { type: 'over', other, sentence, isMissed: false, tell };
}

function missed({ other }: Ringing): Over {
  return { ...over(other, missedSentence(other)), isMissed: true };
}
