import { isMap, isPair, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { code, type MarkedParts, table } from './marked-tables.ts';

/** As much of a JSON Schema as tells which values are the chart's own, and which are Kubernetes' business. */
export interface ValuesSchema {
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, ValuesSchema>>;
}

/** One value of the chart: its path, its default as JSON, and what its comment says. */
export interface ChartValue {
  readonly path: string;
  readonly default: string;
  readonly text: string;
}

/** The values under one key of the file, with that key's comment; those at the top by themselves have none. */
export interface ValueSection {
  readonly name: string | null;
  readonly text: string;
  readonly values: readonly ChartValue[];
}

/** What the same key means everywhere, where values.yaml does not say it again. */
const USUAL: Readonly<Record<string, string>> = {
  affinity: 'Scheduling.',
  annotations: 'Annotations of these objects.',
  enabled: 'Whether there is one.',
  extraEnvFrom: 'Environment from ConfigMaps or Secrets.',
  extraVolumeMounts: 'Mounts beyond the chart’s.',
  extraVolumes: 'Volumes beyond the chart’s.',
  labels: 'Labels of these objects.',
  nodeSelector: 'Scheduling.',
  podAnnotations: 'Annotations of the pods.',
  podLabels: 'Labels of the pods.',
  priorityClassName: 'Scheduling.',
  resources: 'Requests and limits.',
  tolerations: 'Scheduling.',
};

/**
 * Every value of a values.yaml, in its order. A map is one value where the schema does not name its keys.
 *
 * @throws Error for a value that neither a comment nor {@link USUAL} explains, and for one that the schema does not know
 */
export function chartValues(valuesYaml: string, schema: ValuesSchema): ValueSection[] {
  const { contents } = parseDocument(valuesYaml);
  if (!isMap(contents)) throw new Error('values.yaml holds no map');
  const general: ChartValue[] = [];
  const sections: ValueSection[] = [];
  for (const pair of pairsOf(contents)) {
    const name = keyOf(pair);
    const inner = resolve(schema.properties?.[name], schema);
    if (isMap(pair.value) && inner?.properties !== undefined) {
      sections.push({ name, text: commentOf(pair, contents), values: [...walk(pair.value, name, inner, schema)] });
    } else {
      general.push(valueOf(pair, contents, name));
      if (inner === undefined) throw new Error(`values.schema.json does not know ${name}`);
    }
  }
  return [{ name: null, text: '', values: general }, ...sections];
}

/** The part of the chart's README that lists its values. */
export function chartTables(valuesYaml: string, schema: ValuesSchema): MarkedParts {
  const lines = chartValues(valuesYaml, schema).flatMap(({ name, text, values }) => [
    ...(name === null ? [] : [`### ${code(name)}`, '', ...(text === '' ? [] : [text, ''])]),
    ...table(
      ['value', 'default', 'what'],
      values.map((value) => [code(value.path), code(value.default), value.text]),
    ),
    '',
  ]);
  return { values: lines };
}

function* walk(map: YAMLMap, path: string, schema: ValuesSchema, root: ValuesSchema): Generator<ChartValue> {
  for (const pair of pairsOf(map)) {
    const own = `${path}.${keyOf(pair)}`;
    const inner = resolve(schema.properties?.[keyOf(pair)], root);
    if (inner === undefined) throw new Error(`values.schema.json does not know ${own}`);
    const isOpen = isMap(pair.value) && pair.value.items.length > 0 && inner.properties !== undefined;
    if (isOpen && !isProbe(inner)) yield* walk(pair.value as YAMLMap, own, inner, root);
    else yield valueOf(pair, map, own);
  }
}

/** A probe's times are one value: nobody looks for them one by one. */
function isProbe({ properties }: ValuesSchema): boolean {
  return properties?.['periodSeconds'] !== undefined;
}

function resolve(schema: ValuesSchema | undefined, root: ValuesSchema): ValuesSchema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : root.definitions?.[name];
}

function valueOf(pair: Pair, map: YAMLMap, path: string): ChartValue {
  const text = commentOf(pair, map) || USUAL[keyOf(pair)];
  if (text === undefined) throw new Error(`values.yaml: ${path} has no comment`);
  const value = map.toJSON() as Record<string, unknown>;
  return { path, default: JSON.stringify(value[keyOf(pair)]), text };
}

/** The comment right above a key; the parser gives that of a map's first key to the map. */
function commentOf(pair: Pair, map: YAMLMap): string {
  const isFirst = map.items[0] === pair;
  const own = isScalar(pair.key) ? pair.key.commentBefore : null;
  const comment = own ?? (isFirst ? map.commentBefore : null) ?? '';
  const [above = ''] = comment.split(/\n *\n/u).slice(-1);
  return above.replaceAll(/^ /gmu, '').replaceAll('\n', ' ').trim();
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function pairsOf(map: YAMLMap): Pair[] {
  return map.items.filter((item) => isPair(item));
}
