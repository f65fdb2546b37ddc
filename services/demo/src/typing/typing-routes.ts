import type { Flotilla } from '@flotilla-im/sdk';
import type { FastifyInstance } from 'fastify';
import type { ChatChannels } from '../channels/channels.ts';
import { Pace } from '../http/pace.ts';
import { HttpProblem } from '../http/problem.ts';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { Typing, TypingData } from '../words.ts';

/** What these routes need. */
export interface TypingDeps {
  readonly flotilla: Pick<Flotilla, 'send'> & { readonly channels: Pick<Flotilla['channels'], 'publish'> };
  readonly channels: Pick<ChatChannels, 'checkMember'>;
  /** Monotonic. */
  readonly nowMs: () => number;
}

const NAME = { type: 'string', maxLength: 400 } as const;
const TYPING_BODY = { type: 'object', additionalProperties: false, properties: { channel: NAME, to: NAME } } as const;

/** Somebody is writing: told live, to whoever is there. Nothing of it is kept. */
export function addTypingRoutes(app: FastifyInstance, { flotilla, channels, nowMs }: TypingDeps): void {
  const pace = new Pace({ perSecond: 2, burst: 10, nowMs });
  app.post<{ Body: Typing }>('/api/typing', { schema: { body: TYPING_BODY } }, async (request, reply) => {
    const clientId = signedInClientId(request);
    const { channel, to } = request.body;
    if ((channel === undefined) === (to === undefined)) {
      throw new HttpProblem(400, 'bad_request', 'One writes either in a channel or to a person.');
    }
    pace.take(clientId);
    // In the service's name: pages believe nobody else what somebody does.
    if (to !== undefined) {
      const data: TypingData = { kind: 'typing', clientId, channel: null };
      await flotilla.send({ from: null, to: parseName(to), data, live: true });
    } else {
      const name = parseName(channel);
      await channels.checkMember(name, clientId);
      const data: TypingData = { kind: 'typing', clientId, channel: name };
      await flotilla.channels.publish(name, { from: null, data, live: true });
    }
    return reply.status(204).send();
  });
}
