import { expect } from '@jest/globals';
import { channelOfCall } from '../../../services/demo/src/calls/call-id.ts';
import type { AnsweredData, CallBegun, CallData, EndedData, RingData } from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import { type DemoHarness, type OpenPage, startTestDemo, type Visitor } from './demo-harness.ts';

/** What the demo tells those who call. */
export const ICE_SERVERS = [{ urls: 'turn:turn.example.org:3478', username: 'demo', credential: 'secret' }];

type Answer = Awaited<ReturnType<Visitor['post']>>;

/** Somebody with some pages. */
export interface Caller extends Visitor {
  readonly pages: readonly OpenPage[];
  readonly dial: (other: { readonly name: string }, given?: object) => Promise<Answer>;
  /** Dials, which must succeed; gives the call's id. */
  readonly call: (other: { readonly name: string }) => Promise<string>;
  readonly answer: (call: string, outcome: string, device?: string) => Promise<Answer>;
  readonly hangUp: (call: string, reason?: string) => Promise<Answer>;
}

/** The demo over two shards and Redis, and people who call each other. */
export interface CallsHarness extends DemoHarness {
  /** Somebody new with so many pages, by default one, each a device of its own. */
  readonly person: (pages?: number) => Promise<Caller>;
  readonly isOnline: (name: string) => Promise<boolean | undefined>;
  /** Resolves when the two of a call are no more in it. */
  readonly isFree: (call: string) => Promise<void>;
}

/** Starts it. @param limits - of the shards */
export async function startCalls(limits: Parameters<typeof startTestDemo>[2] = {}): Promise<CallsHarness> {
  const harness = await startTestDemo({ iceServers: ICE_SERVERS }, 'redis', limits);
  const { im } = harness.pods;
  let people = 0;
  return {
    ...harness,
    async person(pages = 1) {
      const visitor = await harness.signIn(`Person ${(people += 1)}`);
      return callerOf(visitor, await Promise.all(Array.from({ length: pages }, () => visitor.open())));
    },
    isOnline: async (name) => (await im.presence.online([name]))[0],
    async isFree(call) {
      await eventually(async () => expect(await im.channels.count(channelOfCall(call))).toBe(0));
    },
  };
}

function callerOf(visitor: Visitor, pages: readonly OpenPage[]): Caller {
  const dial: Caller['dial'] = (other, given = {}) =>
    visitor.post('/api/calls/dial', { to: other.name, device: random(), key: random(), video: true, ...given });
  return {
    ...visitor,
    pages,
    dial,
    async call(other) {
      const { status, body } = await dial(other);
      expect({ status, body }).toMatchObject({ status: 200 });
      return (body as CallBegun).call;
    },
    answer: (call, outcome, device = random()) =>
      visitor.post('/api/calls/answer', { call, device, outcome, video: true }),
    hangUp: (call, reason = 'hung_up') => visitor.post('/api/calls/hang-up', { call, reason }),
  };
}

/** Something random, as a page makes it. */
export function random(): string {
  return Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
}

/** What a page was told of calls, of one kind. */
export function heard<Type extends CallData['type']>(
  page: OpenPage | undefined,
  type: Type,
): Extract<CallData, { type: Type }>[] {
  const isIt = (data: CallData): data is Extract<CallData, { type: Type }> => data.type === type;
  // Here nothing else has a type.
  return (page?.messages ?? []).map(({ data }) => data as CallData).filter(isIt);
}

/** Rings that a page heard. */
export const rings = (page: OpenPage | undefined): RingData[] => heard(page, 'ring');
/** Answers that a page heard. */
export const answers = (page: OpenPage | undefined): AnsweredData[] => heard(page, 'answered');
/** Ends that a page heard. */
export const ends = (page: OpenPage | undefined): EndedData[] => heard(page, 'ended');

/** What a request for a call is refused with. */
export const refused = (status: number, code: string) => ({ status, body: { code } });
