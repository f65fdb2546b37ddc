import { describe, expect, it } from '@jest/globals';
import type { CallData } from '../../../src/words.ts';
import { type CallEvent, type CallState, IDLE, RING_GONE_MS, RINGS_MS, step } from './call-state.ts';
import { stateSentence } from './sentences.ts';

const [HERE, THERE, ELSEWHERE] = ['here', 'there', 'elsewhere'];
const CALL = 'now.key';

/** A page of Anna's, after all that happened to it. */
function after(...events: readonly CallEvent[]): CallState {
  return events.reduce((state, event) => step(state, event, HERE), IDLE);
}
const hear = (data: object, nowMs = 0): CallEvent => ({
  type: 'heard',
  data: { kind: 'call', call: CALL, ...data } as unknown as CallData,
  nowMs,
});
const dial: CallEvent = { type: 'dial', other: 'Bob', video: true, key: 'key', nowMs: 0 };
const dialled: CallEvent = { type: 'dialled', call: CALL, crossed: null, nowMs: 0 };
const ring = (nowMs = 0, call = CALL): CallEvent =>
  hear({ type: 'ring', call, from: 'Bob', device: THERE, video: true }, nowMs);
const answered = (by: string, device: string, outcome = 'accepted'): CallEvent =>
  hear({ type: 'answered', by, device, outcome, video: true });
const ended = (by: string | null, reason: string): CallEvent => hear({ type: 'ended', by, reason });
const hangUp = (reason: 'hung_up' | 'no_answer' | 'failed' = 'hung_up'): CallEvent => ({ type: 'hang_up', reason });

describe('who calls', () => {
  it('talks with the device that accepted', () => {
    expect(after(dial, dialled, answered('Bob', THERE))).toMatchObject({
      type: 'talking',
      call: CALL,
      other: 'Bob',
      otherDevice: THERE,
      isCaller: true,
      media: 'connecting',
    });
  });

  it('knows its call by the key when the answer comes before the id', () => {
    expect(after(dial, answered('Bob', THERE))).toMatchObject({ type: 'talking', call: CALL });
    expect(after(dial, hear({ type: 'answered', call: 'now.other', by: 'Bob', device: THERE }))).toMatchObject({
      type: 'dialling',
    });
  });

  it('is in the call of the other one when both dialled at once', () => {
    const crossed: CallEvent = { ...dialled, call: 'now.theirs', crossed: { device: THERE, video: false } };
    expect(after(dial, ring(0, 'now.theirs'), crossed, answered('Anna', HERE))).toMatchObject({
      type: 'talking',
      call: 'now.theirs',
      otherDevice: THERE,
      isCaller: false,
      video: false,
    });
  });

  it.each<[string, CallEvent, string]>([
    ['refused', answered('Bob', THERE, 'refused'), 'Bob refused.'],
    ['is gone', ended('Bob', 'dropped'), 'The connection of Bob dropped unexpectedly.'],
    ['is busy', { type: 'failed', sentence: 'Bob is in another call.' }, 'Bob is in another call.'],
  ])('hears that the other one %s', (_, event, sentence) => {
    expect(after(dial, dialled, event)).toMatchObject({ type: 'over', sentence, tell: null });
  });

  it('gives up when nobody answers, and tells it', () => {
    expect(after(dial, dialled, { type: 'tick', nowMs: RINGS_MS - 1 })).toMatchObject({ type: 'dialling' });
    expect(after(dial, dialled, { type: 'tick', nowMs: RINGS_MS })).toMatchObject({
      type: 'over',
      sentence: 'Bob does not answer.',
      tell: { call: CALL, reason: 'no_answer' },
    });
  });

  it('hangs up at any time, and tells it once the call has an id', () => {
    expect(after(dial, hangUp())).toMatchObject({ type: 'over', tell: null });
    expect(after(dial, dialled, hangUp())).toMatchObject({ type: 'over', tell: { call: CALL, reason: 'hung_up' } });
  });
});

describe('who is called', () => {
  it('talks once the service took the acceptance', () => {
    expect(after(ring(), { type: 'answer' })).toMatchObject({ type: 'ringing', isAnswering: true });
    expect(after(ring(), { type: 'answer' }, { type: 'accepted' })).toMatchObject({
      type: 'talking',
      otherDevice: THERE,
      isCaller: false,
    });
  });

  it('stops ringing when another device of theirs answers, and not by its own answer', () => {
    expect(after(ring(), answered('Anna', ELSEWHERE))).toMatchObject({
      type: 'over',
      sentence: 'Answered on another device.',
    });
    expect(after(ring(), answered('Anna', ELSEWHERE, 'refused'))).toMatchObject({
      sentence: 'Refused on another device.',
    });
    expect(after(ring(), { type: 'answer' }, answered('Anna', HERE))).toMatchObject({ type: 'ringing' });
  });

  it('has missed it when the caller gave up, or is silent for long', () => {
    const missed = { type: 'over', sentence: 'You missed a call of Bob.', isMissed: true, tell: null };
    expect(after(ring(), ended('Bob', 'no_answer'))).toMatchObject(missed);
    expect(after(ring(), ended('Bob', 'dropped'))).toMatchObject(missed);
    expect(after(ring(), ring(10_000), { type: 'tick', nowMs: RING_GONE_MS })).toMatchObject({ type: 'ringing' });
    expect(after(ring(), { type: 'tick', nowMs: RING_GONE_MS })).toMatchObject(missed);
  });

  it('refuses; what was accepted a moment ago is hung up instead', () => {
    expect(after(ring(), { type: 'refuse' })).toMatchObject({ type: 'over', tell: null });
    expect(after(ring(), { type: 'answer' }, { type: 'refuse' })).toMatchObject({
      tell: { call: CALL, reason: 'hung_up' },
    });
  });
});

describe('a call', () => {
  const talk = [dial, dialled, answered('Bob', THERE)] as const;

  it('lasts from when the media first came, also over an interruption', () => {
    const media = (state: 'connected' | 'lost', nowMs: number): CallEvent => ({ type: 'media', media: state, nowMs });
    expect(after(...talk, media('connected', 5), media('lost', 9), media('connected', 12))).toMatchObject({
      sinceMs: 5,
    });
    expect(stateSentence(after(...talk, media('connected', 5), media('lost', 9)))).toContain('interrupted');
  });

  it.each<[CallEvent, string]>([
    [ended('Bob', 'hung_up'), 'Bob hung up.'],
    [ended('Bob', 'dropped'), 'The connection of Bob dropped unexpectedly.'],
    [ended('Bob', 'failed'), 'The two browsers found no way to each other, so the call has ended.'],
    [ended(null, 'dropped'), 'The connection of Bob dropped unexpectedly.'],
  ])('ends, and says why', (event, sentence) => {
    const over = after(...talk, event);
    expect(over).toMatchObject({ type: 'over', sentence });
    expect(step(over, { type: 'close' }, HERE)).toBe(IDLE);
  });

  it('is not disturbed by what belongs to another one, nor by another call', () => {
    const state = after(...talk);
    for (const event of [
      ring(5, 'now.other'),
      hear({ type: 'ended', call: 'now.other', by: 'Bob', reason: 'hung_up' }),
      dial,
    ]) {
      expect(step(state, event, HERE)).toBe(state);
    }
  });

  it('can follow another one that is over', () => {
    expect(after(...talk, hangUp(), ring(5, 'then.key'))).toMatchObject({ type: 'ringing', call: 'then.key' });
  });
});
