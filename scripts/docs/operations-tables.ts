import {
  METRIC_PREFIX as OPERATOR_METRIC_PREFIX,
  METRICS as OPERATOR_METRICS,
} from '../../operator/src/report/metric-table.ts';
import { VARIABLES as OPERATOR_VARIABLES } from '../../operator/src/config/variables.ts';
import { LIMITS, limitVariable } from '../../services/im/src/config/limits.ts';
import { VARIABLES } from '../../services/im/src/config/variables.ts';
import { METRIC_PREFIX, METRICS } from '../../services/im/src/metrics/metric-table.ts';
import { code, type MarkedParts, table } from './marked-tables.ts';

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly action: string;
}

/** The tables of docs/operations.md, from the tables in the code. */
export function operationsTables(): MarkedParts {
  return {
    'pod-variables': table(
      ['variable', 'default', 'what'],
      VARIABLES.map(({ name, shownDefault, text }) => [code(name), shownDefault, text]),
    ),
    'pod-limits': table(
      ['variable', 'default', 'unit', 'what'],
      Object.entries(LIMITS).map(([name, limit]) => [
        code(limitVariable(name as keyof typeof LIMITS)),
        limit.default.toLocaleString('en'),
        limit.unit,
        limit.text,
      ]),
    ),
    'operator-variables': table(
      ['variable', 'default', 'what'],
      Object.values(OPERATOR_VARIABLES).map((variable) => [
        code(variable.name),
        shownDefault(variable.default),
        variable.text,
      ]),
    ),
    'pod-metrics': metricTable(METRIC_PREFIX, METRICS),
    'operator-metrics': metricTable(OPERATOR_METRIC_PREFIX, OPERATOR_METRICS),
  };
}

/** A default as the operator's `--help` shows it. */
function shownDefault(value: string | undefined): string {
  return value === undefined ? 'none, required' : value === '' ? 'none' : value;
}

function metricTable(prefix: string, metrics: Readonly<Record<string, Metric>>): string[] {
  const rows = Object.entries(metrics).map(([name, { type, labels, help, action }]) => [
    code(prefix + name),
    labels.length === 0 ? type : `${type} by ${labels.join(', ')}`,
    help,
    action,
  ]);
  return table(['metric', 'kind', 'what', 'what to do'], rows);
}
