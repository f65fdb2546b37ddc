import type { FastifyInstance } from 'fastify';
import { HttpProblem } from '../http/problem.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { FleetControl } from './fleet-control.ts';
import type { FleetWatch } from './fleet-watch.ts';

/** The most shards that a page may ask one machine for. */
const MOST_SHARDS = 8;

/** What these routes need. */
export interface FleetDeps {
  readonly watch: FleetWatch;
  /** null where there is no launcher: then nobody scales or kills from here. */
  readonly control: FleetControl | null;
}

const SCALE_BODY = bodyWith('shards', 1, MOST_SHARDS);
const KILL_BODY = bodyWith('shard', 0, 65_535);

/** The fleet, for whoever is signed in; in a cluster of one machine they may scale it and kill shards as well. */
export function addFleetRoutes(app: FastifyInstance, { watch, control }: FleetDeps): void {
  app.get('/api/fleet', (request, reply) => {
    signedInClientId(request);
    const { body, etag } = watch.read();
    void reply.headers({ etag, 'cache-control': 'private, no-cache' });
    // A proxy that compresses makes the tag a weak one.
    if (request.headers['if-none-match']?.replace(/^W\//u, '') === etag) return reply.status(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  });

  app.post<{ Body: { shards: number } }>('/api/fleet/scale', { schema: { body: SCALE_BODY } }, (request, reply) => {
    signedInClientId(request);
    launcher().begin({ verb: 'scale', shards: request.body.shards });
    return reply.status(202).send();
  });

  app.post<{ Body: { shard: number } }>('/api/fleet/kill', { schema: { body: KILL_BODY } }, (request, reply) => {
    signedInClientId(request);
    launcher().begin({ verb: 'kill', shard: request.body.shard });
    return reply.status(202).send();
  });

  function launcher(): FleetControl {
    if (control === null) throw new HttpProblem(404, 'not_local', 'Here the fleet is scaled with kubectl.');
    return control;
  }
}

function bodyWith(name: string, minimum: number, maximum: number) {
  const properties = { [name]: { type: 'integer', minimum, maximum } };
  return { type: 'object', required: [name], additionalProperties: false, properties } as const;
}
