import { LIMITS } from '../../services/im/src/config/limits.ts';

interface SchemaObject {
  properties: Record<string, SchemaObject>;
}

/** The chart's schema with the limits of a shard as they stand in the code: their names and their bounds. */
export function withLimits(schemaText: string): string {
  const schema = JSON.parse(schemaText) as SchemaObject;
  const limits = schema.properties['im']?.properties['limits'];
  if (limits === undefined) throw new Error('values.schema.json has no im.limits');
  limits.properties = Object.fromEntries(
    Object.entries(LIMITS).map(([name, { min, max, text, unit }]) => [
      name,
      { type: 'integer', minimum: min, maximum: max, description: `${text} (${unit})` } as unknown as SchemaObject,
    ]),
  );
  return JSON.stringify(schema);
}
