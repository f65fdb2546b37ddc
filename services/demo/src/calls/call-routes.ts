import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Pace } from '../http/pace.ts';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { CallAnswer, CallSignal, Dialling, HangUp, IceServer, RingAgain } from '../words.ts';
import { ANSWER, BODY_LIMIT, DIALLING, HANG_UP, RING, SIGN, SIGNAL } from './call-bodies.ts';
import type { Calls } from './calls.ts';
import type { Dropped } from './dropped.ts';

/** What these routes need. */
export interface CallRoutesDeps {
  readonly calls: Calls;
  readonly dropped: Pick<Dropped, 'saysGoodbye'>;
  /** A page of theirs was closed, or is loaded anew. */
  readonly pageClosed: (clientId: string) => void;
  /** Told to whoever dials or accepts, and to nobody else: they may hold credentials. */
  readonly iceServers: readonly IceServer[];
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Dialling, answering, signals and hanging up. Who does it is who asks, and only the two of a call say anything about it. */
export function addCallRoutes(app: FastifyInstance, deps: CallRoutesDeps): void {
  const words = new Pace({ perSecond: 20, burst: 200, nowMs: deps.nowMs });
  const signedIn = (request: FastifyRequest): string => {
    const clientId = signedInClientId(request);
    words.take(clientId);
    return clientId;
  };
  addBeginning(app, deps, signedIn);
  addWords(app, deps, signedIn);
}

type SignedIn = (request: FastifyRequest) => string;

function addBeginning(app: FastifyInstance, { calls, iceServers, nowMs }: CallRoutesDeps, signedIn: SignedIn): void {
  const pace = new Pace({ perSecond: 0.5, burst: 10, nowMs });

  app.post<{ Body: Dialling }>('/api/calls/dial', { schema: { body: DIALLING } }, async (request) => {
    const from = signedInClientId(request);
    pace.take(from);
    const { call, crossed } = await calls.dial(from, { ...request.body, to: parseName(request.body.to) });
    return { call, crossed: crossed && { device: crossed.device, video: crossed.video }, iceServers };
  });

  app.post<{ Body: CallAnswer }>('/api/calls/answer', { schema: { body: ANSWER } }, async (request) => {
    const { call, outcome } = request.body;
    await calls.answer(signedIn(request), request.body);
    return { call, crossed: null, iceServers: outcome === 'accepted' ? iceServers : [] };
  });
}

/** What needs no answer. */
function addWords(app: FastifyInstance, deps: CallRoutesDeps, signedIn: SignedIn): void {
  const { calls, dropped, pageClosed } = deps;
  app.post('/api/calls/goodbye', async (request, reply) => {
    const clientId = signedIn(request);
    await dropped.saysGoodbye(clientId);
    pageClosed(clientId);
    return reply.status(204).send();
  });

  app.post<{ Body: RingAgain }>('/api/calls/ring', { schema: { body: RING } }, async (request, reply) => {
    await calls.ringAgain(signedIn(request), request.body);
    return reply.status(204).send();
  });

  const signal = { schema: { body: SIGNAL }, bodyLimit: BODY_LIMIT };
  app.post<{ Body: CallSignal }>('/api/calls/signal', signal, async (request, reply) => {
    await calls.signal(signedIn(request), request.body);
    return reply.status(204).send();
  });

  app.post<{ Body: { call: string } }>('/api/calls/sign', { schema: { body: SIGN } }, async (request, reply) => {
    await calls.sign(signedIn(request), request.body.call);
    return reply.status(204).send();
  });

  app.post<{ Body: HangUp }>('/api/calls/hang-up', { schema: { body: HANG_UP } }, async (request, reply) => {
    const { call, reason } = request.body;
    await calls.hangUp(signedIn(request), call, reason);
    return reply.status(204).send();
  });
}
