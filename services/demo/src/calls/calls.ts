import { type Flotilla, isFlotillaError } from '@flotilla-im/sdk';
import { HttpProblem } from '../http/problem.ts';
import type {
  AnsweredData,
  CallAnswer,
  CallBegun,
  CallData,
  CallEnd,
  CallSignal,
  Dialling,
  EndedData,
  RingAgain,
  RingData,
} from '../words.ts';
import { createCallId, dialledAtMs } from './call-id.ts';
import { settleCrossing } from './crossing.ts';
import type { Dropped } from './dropped.ts';
import type { StandingCalls } from './standing-calls.ts';

/** Calls between two people. What is said is durable: a page that changes its shard just now gets it there, in order, once. */
export interface Calls {
  /**
   * Rings; where the other one is just calling, it accepts that. Safe to repeat by its key.
   *
   * @throws {HttpProblem} 409 never_connected, dropped, busy, in_call
   */
  dial(from: string, dialling: Dialling): Promise<Begun>;
  /** Rings at pages that were opened since; by this, pages also see that the caller is there. @throws {HttpProblem} 404 call_over */
  ringAgain(from: string, ring: RingAgain): Promise<void>;
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

/** A call that rings, or that was dialled by the other one and is accepted. */
export type Begun = Pick<CallBegun, 'call' | 'crossed'>;

/** What calls need. */
export interface CallsDeps {
  readonly flotilla: Pick<Flotilla, 'presence' | 'send'>;
  readonly standing: StandingCalls;
  readonly dropped: Pick<Dropped, 'isDropped' | 'hasSaidGoodbye'>;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** The rules of calls; who asks was decided before. */
export class FlotillaCalls implements Calls {
  readonly #deps: CallsDeps;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
  }

  async dial(from: string, dialling: Dialling): Promise<Begun> {
    const { standing, wallMs } = this.#deps;
    const { to, device, key, video } = dialling;
    if (to === from) throw new HttpProblem(400, 'bad_request', 'Nobody can call themselves.');
    const begun = (await standing.of(from)).find((id) => id.endsWith(`.${key}`));
    const call = begun ?? createCallId(wallMs(), key);
    if (begun === undefined || (await standing.dialled(begun)) === null) {
      const theirs = await this.#begin(call, from, dialling);
      if (theirs !== null) return await this.#accept(theirs, from, dialling);
    }
    await this.#say(from, to, { kind: 'call', type: 'ring', call, from, device, video }, 'ring');
    return { call, crossed: null };
  }

  async ringAgain(from: string, { call, device, video }: RingAgain): Promise<void> {
    const to = await this.#otherThan(call, from);
    await this.#deps.standing.sign(call, from);
    const data: RingData = { kind: 'call', type: 'ring', call, from, device, video };
    await this.#deps.flotilla.send({ from: null, to, data, live: true });
  }

  async answer(by: string, { call, device, outcome, video }: CallAnswer): Promise<void> {
    const { standing } = this.#deps;
    const other = await this.#otherThan(call, by);
    if ((await standing.dialled(call))?.by !== other) {
      throw new HttpProblem(403, 'not_called', 'Only who is called can answer.');
    }
    const data: AnsweredData = { kind: 'call', type: 'answered', call, by, device, outcome, video };
    // One log decides: the key of the first answer is taken there, by whichever device.
    await this.#say(by, other, data, 'answer').catch((error: unknown) => {
      throw hasCode(error, 'key_conflict') ? problem('already_answered', 'Answered on another device.') : error;
    });
    // By it one's own other devices stop ringing.
    await this.#say(by, by, data, 'answer');
    await (outcome === 'accepted' ? standing.sign(call, by) : standing.end(call));
  }

  async signal(by: string, { call, device, to, key, signal }: CallSignal): Promise<void> {
    const other = await this.#otherThan(call, by);
    await this.#say(by, other, { kind: 'call', type: 'signal', call, by, device, to, signal }, key);
  }

  async sign(by: string, call: string): Promise<void> {
    await this.#otherThan(call, by);
    await this.#deps.standing.sign(call, by);
  }

  async hangUp(by: string, call: string, reason: CallEnd): Promise<void> {
    const other = await this.#deps.standing.otherThan(call, by);
    if (other !== null) await this.#tellEnd(by, [other, by], ended(call, by, reason));
  }

  async wentAway(clientId: string, at: number, reason: CallEnd): Promise<void> {
    const { standing } = this.#deps;
    for (const call of await standing.of(clientId)) {
      // Presence is told late where this service was away: a call of today is not ended by who went yesterday.
      if (dialledAtMs(call) > at) continue;
      await this.#tellEnd(null, await standing.members(call), ended(call, clientId, reason));
    }
  }

  /** @returns their call, when they are calling just now: it becomes the call of both */
  async #begin(call: string, from: string, { to, device, video }: Dialling): Promise<string | null> {
    const { standing } = this.#deps;
    await this.#checkIsHere(to);
    await standing.begin(call, [from, to]);
    try {
      const theirs = await this.#look(call, from, to);
      if (theirs === null) await standing.dial(call, { by: from, device, video });
      else await standing.end(call);
      return theirs;
    } catch (error) {
      await standing.end(call);
      throw error;
    }
  }

  /** Two who dial each other both want to talk. */
  async #accept(call: string, by: string, { device, video }: Dialling): Promise<Begun> {
    await this.answer(by, { call, device, outcome: 'accepted', video }).catch((error: unknown) => {
      throw hasCode(error, 'already_answered') ? problem('in_call', IN_CALL) : error;
    });
    return { call, crossed: await this.#deps.standing.dialled(call) };
  }

  async #checkIsHere(to: string): Promise<void> {
    const { flotilla, dropped, wallMs } = this.#deps;
    // Not whether they are online: so Flotilla counts them until its reconnect grace is over, and nobody would hear it ring.
    if ((await flotilla.presence.connections(to)).length > 0) return;
    const [isAwaited = false] = await flotilla.presence.online([to]);
    const isDropped = isAwaited ? !(await dropped.hasSaidGoodbye(to, wallMs())) : await dropped.isDropped(to);
    if (isDropped) throw problem('dropped', `The connection of ${to} dropped unexpectedly.`);
    throw problem('never_connected', `${to} is not here.`);
  }

  /**
   * Looking comes after joining, so that of several that dial somebody at once no more than one gets through.
   *
   * @returns as `#begin`
   */
  async #look(call: string, from: string, to: string): Promise<string | null> {
    const { standing, wait } = this.#deps;
    const theirs = await standing.of(to);
    const mine = await standing.of(from);
    for (const other of new Set([...theirs, ...mine])) {
      if (other === call) continue;
      const isLive = await standing.isLive(other);
      const members = await standing.members(other);
      if (!isLive) await this.#tellEnd(null, members, ended(other, null, 'dropped'));
      if (!isLive || members.length === 0) continue;
      const isOfBoth = members.includes(from) && members.includes(to);
      const whose = isOfBoth ? await settleCrossing({ call, other, to }, standing, wait) : 'neither';
      if (whose === 'theirs') return other;
      if (whose === 'ours') continue;
      throw theirs.includes(other) ? problem('busy', `${to} is in another call.`) : problem('in_call', IN_CALL);
    }
    return null;
  }

  async #otherThan(call: string, clientId: string): Promise<string> {
    const other = await this.#deps.standing.otherThan(call, clientId);
    if (other === null) throw new HttpProblem(404, 'call_over', 'The call is over.');
    return other;
  }

  /** Two that end it at once both say so; who says it twice is heard the first time. */
  async #tellEnd(from: string | null, to: readonly string[], data: EndedData): Promise<void> {
    await this.#say(from, to, data, 'ended').catch((error: unknown) => {
      if (!hasCode(error, 'key_conflict')) throw error;
    });
    await this.#deps.standing.end(data.call);
  }

  #say(from: string | null, to: string | readonly string[], data: CallData, what: string): Promise<unknown> {
    return this.#deps.flotilla.send({ from, to, data, key: `${data.call} ${what}` });
  }
}

const IN_CALL = 'You are in a call already, perhaps on another page.';

function ended(call: string, by: string | null, reason: CallEnd): EndedData {
  return { kind: 'call', type: 'ended', call, by, reason };
}

/** The state of the two, not the request, is in the way. */
function problem(code: string, message: string): HttpProblem {
  return new HttpProblem(409, code, message);
}

function hasCode(error: unknown, code: string): boolean {
  return (isFlotillaError(error) || error instanceof HttpProblem) && error.code === code;
}
