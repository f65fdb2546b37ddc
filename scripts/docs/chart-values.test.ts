import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { projectRoot } from '../project.ts';
import { chartTables, chartValues, type ValuesSchema } from './chart-values.ts';

const read = (file: string): string => readFileSync(join(projectRoot, 'charts/flotilla', file), 'utf8');
const text = { type: 'string' } as ValuesSchema;

/** Paths of a schema's own properties that the values lack; maps that are empty by default may have any. */
function missing(schema: ValuesSchema, root: ValuesSchema, values: unknown, path: string): string[] {
  const name = schema.$ref?.split('/').at(-1);
  const { properties } = name === undefined ? schema : (root.definitions?.[name] ?? {});
  const isMap = typeof values === 'object' && values !== null && !Array.isArray(values);
  if (properties === undefined || !isMap || Object.keys(values).length === 0) return [];
  return Object.entries(properties).flatMap(([key, inner]) =>
    key in values
      ? missing(inner, root, (values as Record<string, unknown>)[key], `${path}.${key}`)
      : [`${path}.${key}`],
  );
}

describe('the values of the chart', () => {
  it('are those of the schema, a parent chart’s and a probe’s aside', () => {
    const schema = JSON.parse(read('values.schema.json')) as ValuesSchema;
    const lacking = missing(schema, schema, parse(read('values.yaml')), '');
    expect(lacking.filter((path) => !/Probe\./u.test(path))).toEqual(['.global', '.enabled']);
  });

  it('are listed with their comments, those of a file’s head and of other keys aside', () => {
    const yaml = '# Head.\n\n# One.\na: 1\nb:\n  # Two,\n  # of two lines.\n  c: []\n  enabled: true\n';
    const schema = { properties: { a: text, b: { properties: { c: text, enabled: text } } } };
    expect(chartValues(yaml, schema)).toEqual([
      { name: null, text: '', values: [{ path: 'a', default: '1', text: 'One.' }] },
      {
        name: 'b',
        text: '',
        values: [
          { path: 'b.c', default: '[]', text: 'Two, of two lines.' },
          { path: 'b.enabled', default: 'true', text: 'Whether there is one.' },
        ],
      },
    ]);
  });

  it('are each explained', () => {
    expect(() => chartValues('a: 1\n', { properties: { a: text } })).toThrow('a has no comment');
  });

  it('are each known to the schema', () => {
    expect(() => chartTables('b:\n  # One.\n  c: 1\n', { properties: { b: { properties: {} } } })).toThrow(
      'values.schema.json does not know b.c',
    );
  });
});
