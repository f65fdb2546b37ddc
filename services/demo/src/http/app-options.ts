import { type FastifyServerOptions, LogController } from 'fastify';

/** How every app of this service treats requests. */
export const APP_OPTIONS = Object.freeze({
  /** A request is a few short texts. */
  bodyLimit: 32_768,
  /** No line for each request: neither names nor what people look for belong in a log. */
  logController: new LogController({ disableRequestLogging: true }),
  // Input is taken as it is or refused: never converted, never cut to fit.
  ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
} satisfies FastifyServerOptions);
