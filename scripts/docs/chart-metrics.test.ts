import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  METRIC_PREFIX as OPERATOR_PREFIX,
  METRICS as OPERATOR_METRICS,
} from '../../operator/src/report/metric-table.ts';
import { METRIC_PREFIX, METRICS } from '../../services/im/src/metrics/metric-table.ts';
import { projectRoot } from '../project.ts';

/** Every series that shards and operator have. */
function series(): Set<string> {
  const names = (prefix: string, metrics: Readonly<Record<string, { readonly type: string }>>): string[] =>
    Object.entries(metrics).flatMap(([name, { type }]) =>
      type === 'histogram' ? ['_bucket', '_count', '_sum'].map((part) => prefix + name + part) : [prefix + name],
    );
  return new Set([...names(METRIC_PREFIX, METRICS), ...names(OPERATOR_PREFIX, OPERATOR_METRICS)]);
}

describe('the chart', () => {
  it.each(['files/alerts.yaml', 'dashboards/flotilla.json', 'values.yaml', 'README.md'])(
    'names only metrics that there are, in %s',
    (file) => {
      const text = readFileSync(join(projectRoot, 'charts/flotilla', file), 'utf8');
      // A runbook names metrics too, histograms without the ending of a series.
      const named = new Set(text.match(/flotilla_(?:im|operator)_[a-z_]+/gu));
      const known = series();
      const unknown = [...named].filter((name) => !known.has(name) && !known.has(`${name}_bucket`));
      expect(named.size).toBeGreaterThan(0);
      expect(unknown).toEqual([]);
    },
  );
});
