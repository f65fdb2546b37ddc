import { ConfigError } from '@flotilla-im/environment';
import * as v from 'valibot';

const texts = v.optional(v.record(v.string(), v.string()), {});
const object = v.record(v.string(), v.unknown());
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

const service = v.strictObject({
  type: v.optional(v.picklist(['ClusterIP', 'NodePort', 'LoadBalancer']), 'ClusterIP'),
  port: v.optional(port, 8080),
  targetPort: v.optional(v.union([v.string(), port]), 'http'),
  annotations: texts,
  labels: texts,
  spec: v.optional(object, {}),
});

const httpRoute = v.strictObject({
  kind: v.literal('HTTPRoute'),
  annotations: texts,
  labels: texts,
  parentRefs: v.pipe(v.array(object), v.minLength(1, 'needs at least one Gateway')),
  hostnames: v.optional(v.array(v.string()), []),
  path: v.optional(v.string(), '/s/{shard}'),
});

const ingress = v.strictObject({
  kind: v.literal('Ingress'),
  annotations: texts,
  labels: texts,
  className: v.optional(v.string()),
  host: v.optional(v.string()),
  path: v.optional(v.string(), '/s/{shard}'),
  tls: v.optional(v.array(object), []),
});

const URL = /^wss?:\/\/[^\s/?#]+(\/[^\s?#]*[^\s?#/])?$/u;

const exposure = v.strictObject({
  namePrefix: v.pipe(v.string(), v.regex(/^[a-z]([a-z0-9-]{0,56})$/u, 'must be the beginning of a Service name')),
  labels: texts,
  podNamePrefix: v.pipe(v.string(), v.minLength(1)),
  service: v.optional(service, {}),
  route: v.optional(v.nullable(v.variant('kind', [httpRoute, ingress])), null),
  publicUrl: v.pipe(
    v.string(),
    v.regex(URL, 'must be an address like wss://host/s/{shard}, without a slash at its end'),
    v.includes('{shard}', 'must contain {shard}'),
  ),
});

/** How shards are reached: what the operator makes for each, and the address in the map. `{shard}` stands for the id. */
export type Exposure = v.InferOutput<typeof exposure>;
/** The route of a shard: an HTTPRoute of the Gateway API, or an Ingress. */
export type RouteExposure = NonNullable<Exposure['route']>;

/**
 * Reads it from its JSON text.
 *
 * @throws {ConfigError} with every fault, each naming its place
 */
export function parseExposure(text: string): Exposure {
  const result = v.safeParse(exposure, parseJson(text));
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => `Exposure: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}.`);
  throw new ConfigError(faults);
}

/** A text with the shard's id put in. */
export function withShard(text: string, shard: number): string {
  return text.replaceAll('{shard}', String(shard));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(['Exposure: it is no JSON.']);
  }
}
