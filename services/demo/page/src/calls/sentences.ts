import type { EndedData } from '../../../src/words.ts';
import type { CallState } from './call-state.ts';

/** Why a call is over, to somebody who dialled or was in it. */
export function endSentence(other: string, { by, reason }: Pick<EndedData, 'by' | 'reason'>): string {
  if (reason === 'dropped') return `The connection of ${other} dropped unexpectedly.`;
  if (reason === 'failed') return 'The two browsers found no way to each other, so the call has ended.';
  return by === other ? `${other} hung up.` : 'The call has ended.';
}

/** It rings no more, and nobody has answered here. */
export function missedSentence(other: string): string {
  return `You missed a call of ${other}.`;
}

/** Nobody answered. */
export function unansweredSentence(other: string): string {
  return `${other} does not answer.`;
}

/** What goes on, said aloud by screen readers whenever it changes. */
export function stateSentence(state: CallState): string {
  switch (state.type) {
    case 'idle':
      return '';
    case 'dialling':
      return state.call === null ? `Calling ${state.other} …` : `Ringing at ${state.other} …`;
    case 'ringing':
      if (state.isAnswering) return 'Answering …';
      return `${state.other} calls you${state.video ? ' with video' : ''}.`;
    case 'talking':
      if (state.media === 'connected') return `You are connected with ${state.other}.`;
      return state.media === 'lost'
        ? 'The connection is interrupted, trying again …'
        : `Connecting with ${state.other} …`;
    case 'over':
      return state.sentence;
  }
}

/** How long it lasts. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (parts[0] === 0 ? parts.slice(1) : parts).map((part) => String(part).padStart(2, '0')).join(':');
}
