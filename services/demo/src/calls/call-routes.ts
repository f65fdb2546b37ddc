import type { FastifyInstance } from 'fastify';
import { Pace } from '../http/pace.ts';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { CallAnswer, CallSignal, Dialling, HangUp, IceServer, RingAgain } from '../words.ts';
import * as bodies from './call-bodies.ts';
import type { Calls } from './calls.ts';

/** What these routes need. */
export interface CallRoutesDeps {
  readonly calls: Calls;
  /** Told to whoever dials or accepts, and to nobody else: they may hold credentials. */
  readonly iceServers: readonly IceServer[];
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Dialling, answering, signals and hanging up. Who does it is who asks, and only the two of a call say anything about it. */
export function addCallRoutes(app: FastifyInstance, { calls, iceServers, nowMs }: CallRoutesDeps): void {
  const dials = new Pace({ perSecond: 0.5, burst: 10, nowMs });
  const words = new Pace({ perSecond: 20, burst: 200, nowMs });

  app.post<{ Body: Dialling }>('/api/calls/dial', { schema: { body: bodies.DIALLING } }, async (request) => {
    const from = signedInClientId(request);
    dials.take(from);
    const call = await calls.dial(from, { ...request.body, to: parseName(request.body.to) });
    return { call, iceServers };
  });

  app.post<{ Body: CallAnswer }>('/api/calls/answer', { schema: { body: bodies.ANSWER } }, async (request) => {
    const by = signedInClientId(request);
    words.take(by);
    await calls.answer(by, request.body);
    return { call: request.body.call, iceServers: request.body.outcome === 'accepted' ? iceServers : [] };
  });

  /** What is done and needs no answer. */
  const add = <Body>(path: string, body: object, act: (by: string, said: Body) => Promise<void>): void => {
    const options = { schema: { body }, bodyLimit: bodies.BODY_LIMIT };
    app.post<{ Body: object }>(`/api/calls/${path}`, options, async (request, reply) => {
      const by = signedInClientId(request);
      words.take(by);
      await act(by, request.body as Body);
      return reply.status(204).send();
    });
  };
  add<RingAgain>('ring', bodies.RING, (by, ring) => calls.ringAgain(by, ring));
  add<CallSignal>('signal', bodies.SIGNAL, (by, signal) => calls.signal(by, signal));
  add<{ call: string }>('sign', bodies.SIGN, (by, { call }) => calls.sign(by, call));
  add<HangUp>('hang-up', bodies.HANG_UP, (by, { call, reason }) => calls.hangUp(by, call, reason));
}
