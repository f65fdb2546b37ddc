import { CALL_ID, CALL_KEY } from './call-id.ts';

/** A description of a session (SDP) of 32 KB, with what stands around it; every other body is far shorter. */
export const BODY_LIMIT = 40_960;
const SDP_LIMIT = 32_768;
/** Network addresses that a browser found, at once. */
const CANDIDATES = 32;

const CALL = { type: 'string', pattern: CALL_ID } as const;
/** Random, made by a page: of itself, or of something it asks for. */
const RANDOM = { type: 'string', pattern: CALL_KEY } as const;
const YES_OR_NO = { type: 'boolean' } as const;

function body(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties };
}

const TEXT_OR_NULL = { type: 'string', nullable: true, maxLength: 256 } as const;
const CANDIDATE = {
  type: 'object',
  required: ['candidate'],
  additionalProperties: false,
  properties: {
    candidate: { type: 'string', maxLength: 1_024 },
    sdpMid: TEXT_OR_NULL,
    sdpMLineIndex: { type: 'integer', nullable: true, minimum: 0, maximum: 255 },
    usernameFragment: TEXT_OR_NULL,
  },
} as const;

/** Exactly one of them. */
const SIGNALS = {
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    description: body({
      type: { enum: ['offer', 'answer'] },
      sdp: { type: 'string', minLength: 1, maxLength: SDP_LIMIT },
    }),
    candidates: { type: 'array', minItems: 1, maxItems: CANDIDATES, items: CANDIDATE },
    restart: { const: true },
  },
} as const;

/** `POST /api/calls/dial` */
export const DIALLING = body({ to: { type: 'string', maxLength: 400 }, device: RANDOM, key: RANDOM, video: YES_OR_NO });
/** `POST /api/calls/ring` */
export const RING = body({ call: CALL, device: RANDOM, video: YES_OR_NO });
/** `POST /api/calls/answer` */
export const ANSWER = body({
  call: CALL,
  device: RANDOM,
  outcome: { enum: ['accepted', 'refused'] },
  video: YES_OR_NO,
});
/** `POST /api/calls/signal` */
export const SIGNAL = body({ call: CALL, device: RANDOM, to: RANDOM, key: RANDOM, signal: SIGNALS });
/** `POST /api/calls/sign` */
export const SIGN = body({ call: CALL });
/** `POST /api/calls/hang-up` */
export const HANG_UP = body({ call: CALL, reason: { enum: ['hung_up', 'no_answer', 'failed'] } });
