import { type Flotilla, isFlotillaError } from '@flotilla-im/sdk';
import { HttpProblem } from '../http/problem.ts';
import type { AnsweredData, CallAnswer, CallEnd, CallSignal, Dialling, EndedData, RingData, SignalData } from '../words.ts';
import { createCallId, dialledAtMs } from './call-id.ts';
import type { Dropped } from './dropped.ts';
import type { StandingCalls } from './standing-calls.ts';

/** Calls between two people. What is said is durable: a page that changes its shard just now gets it there, in order, once. */
export interface Calls {
  /** Rings, and gives the call's id. Safe to repeat by its key. @throws {HttpProblem} 409 never_connected, dropped, busy, in_call */
  dial(from: string, dialling: Dialling): Promise<string>;
  /** Rings at pages that were opened since; by this, pages also see that the caller is there. @throws {HttpProblem} 404 call_over */
  ringAgain(from: string, ring: Pick<RingData, 'call' | 'device' | 'video'>): Promise<void>;
  /** Of several devices that answer at once one wins. @throws {HttpProblem} 404 call_over, 403 not_called, 409 already_answered */
  answer(by: string, answer: CallAnswer): Promise<void>;
  /** To the one device that is in the call. @throws {HttpProblem} 404 call_over */
  signal(by: string, signal: CallSignal): Promise<void>;
  /** One of their pages is in it. @throws {HttpProblem} 404 call_over */
  sign(by: string, call: string): Promise<void>;
  /** Either ends it, at any time. That it is over already is no failure. */
  hangUp(by: string, call: string, reason: CallEnd): Promise<void>;
  /** Somebody went away: their calls end, those that began later excepted. @param at - when, in milliseconds since 1970 */
  wentAway(clientId: string, at: number, reason: CallEnd): Promise<void>;
}

/** What calls need. */
export interface CallsDeps {
  readonly flotilla: Pick<Flotilla, 'presence' | 'send'>;
  readonly standing: StandingCalls;
  readonly dropped: Pick<Dropped, 'isDropped'>;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** The rules of calls; who asks was decided before. */
export function createCalls({ flotilla, standing, dropped, wallMs }: CallsDeps): Calls {
  const say = (from: string | null, to: string | string[], data: CallWord, what: string): Promise<unknown> =>
    flotilla.send({ from, to, data, key: `${data.call} ${what}` });

  const otherThan = async (call: string, clientId: string): Promise<string> => {
    const other = await standing.otherThan(call, clientId);
    if (other === null) throw new HttpProblem(404, 'call_over', 'The call is over.');
    return other;
  };

  /** Two that end it at once both say so; a second time it is the first that counts. */
  const tellEnd = async (from: string | null, to: string[], data: EndedData): Promise<void> => {
    await say(from, to, data, 'ended').catch(throwUnless('key_conflict'));
    await standing.end(data.call);
  };

  const checkIsHere = async (to: string): Promise<void> => {
    const [isOnline = false] = await flotilla.presence.online([to]);
    if (isOnline) return;
    if (await dropped.isDropped(to)) throw problem('dropped', `The connection of ${to} dropped unexpectedly.`);
    throw problem('never_connected', `${to} is not here.`);
  };

  /** Looking comes after joining, so that of several that dial somebody at once no more than one gets through. */
  const checkIsFree = async (call: string, from: string, to: string): Promise<void> => {
    const theirs = await standing.of(to);
    const mine = await standing.of(from);
    for (const other of new Set([...theirs, ...mine])) {
      if (other === call) continue;
      if (await standing.isLive(other)) {
        throw theirs.includes(other) ? problem('busy', `${to} is in another call.`) : problem('in_call', IN_CALL);
      }
      await tellEnd(null, await standing.members(other), ended(other, null, 'dropped'));
    }
  };

  return {
    async dial(from, { to, device, key, video }) {
      if (to === from) throw new HttpProblem(400, 'bad_request', 'Nobody can call themselves.');
      const begun = (await standing.of(from)).find((id) => id.endsWith(`.${key}`));
      const call = begun ?? createCallId(wallMs(), key);
      if (begun === undefined || (await standing.dialledBy(begun)) === null) {
        await checkIsHere(to);
        await standing.begin(call, [from, to]);
        try {
          await checkIsFree(call, from, to);
        } catch (error) {
          await standing.end(call);
          throw error;
        }
        await standing.sign(call, from);
      }
      await say(from, to, { kind: 'call', type: 'ring', call, from, device, video }, 'ring');
      return call;
    },
    async ringAgain(from, { call, device, video }) {
      const to = await otherThan(call, from);
      await standing.sign(call, from);
      const data: RingData = { kind: 'call', type: 'ring', call, from, device, video };
      await flotilla.send({ from: null, to, data, live: true });
    },
    async answer(by, { call, device, outcome, video }) {
      const other = await otherThan(call, by);
      if ((await standing.dialledBy(call)) !== other) {
        throw new HttpProblem(403, 'not_called', 'Only who is called can answer.');
      }
      const data: AnsweredData = { kind: 'call', type: 'answered', call, by, device, outcome, video };
      // One log decides: the key of the first answer is taken there, by whichever device.
      await say(by, other, data, 'answer').catch((error: unknown) => {
        if (!hasCode(error, 'key_conflict')) throw error;
        throw problem('already_answered', 'Answered on another device.');
      });
      // By it one's own other devices stop ringing.
      await say(by, by, data, 'answer');
      await (outcome === 'accepted' ? standing.sign(call, by) : standing.end(call));
    },
    async signal(by, { call, device, to, key, signal }) {
      const other = await otherThan(call, by);
      await say(by, other, { kind: 'call', type: 'signal', call, by, device, to, signal }, key);
    },
    async sign(by, call) {
      await otherThan(call, by);
      await standing.sign(call, by);
    },
    async hangUp(by, call, reason) {
      const other = await standing.otherThan(call, by);
      if (other !== null) await tellEnd(by, [other, by], ended(call, by, reason));
    },
    async wentAway(clientId, at, reason) {
      for (const call of await standing.of(clientId)) {
        // Presence is told late where this service was away: a call of today is not ended by who went yesterday.
        if (dialledAtMs(call) > at) continue;
        await tellEnd(null, await standing.members(call), ended(call, clientId, reason));
      }
    },
  };
}

type CallWord = RingData | AnsweredData | SignalData | EndedData;

const IN_CALL = 'You are in a call already, perhaps on another page.';

function ended(call: string, by: string | null, reason: CallEnd): EndedData {
  return { kind: 'call', type: 'ended', call, by, reason };
}

/** The state of the two, not the request, is in the way. */
function problem(code: string, message: string): HttpProblem {
  return new HttpProblem(409, code, message);
}

function hasCode(error: unknown, code: string): boolean {
  return isFlotillaError(error) && error.code === code;
}

function throwUnless(code: string): (error: unknown) => void {
  return (error) => {
    if (!hasCode(error, code)) throw error;
  };
}
