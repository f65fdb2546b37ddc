import {
  METRIC_PREFIX as OPERATOR_METRIC_PREFIX,
  METRICS as OPERATOR_METRICS,
} from '../../operator/src/report/metric-table.ts';
import { VARIABLES as OPERATOR_VARIABLES } from '../../operator/src/config/variables.ts';
import { LIMITS, limitVariable } from '../../services/im/src/config/limits.ts';
import { VARIABLES } from '../../services/im/src/config/variables.ts';
import { METRIC_PREFIX, METRICS } from '../../services/im/src/metrics/metric-table.ts';

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly action: string;
}

/** Every table by the name in its marker, as Markdown rows. */
function tables(): Readonly<Record<string, string[]>> {
  return {
    'pod-variables': [
      ...head('variable', 'default', 'what'),
      ...VARIABLES.map(({ name, shownDefault, text }) => row(code(name), shownDefault, text)),
    ],
    'pod-limits': [
      ...head('variable', 'default', 'unit', 'what'),
      ...Object.entries(LIMITS).map(([name, limit]) =>
        row(
          code(limitVariable(name as keyof typeof LIMITS)),
          limit.default.toLocaleString('en'),
          limit.unit,
          limit.text,
        ),
      ),
    ],
    'operator-variables': [
      ...head('variable', 'default', 'what'),
      ...Object.values(OPERATOR_VARIABLES).map((variable) =>
        row(code(variable.name), shownDefault(variable.default), variable.text),
      ),
    ],
    'pod-metrics': metricRows(METRIC_PREFIX, METRICS),
    'operator-metrics': metricRows(OPERATOR_METRIC_PREFIX, OPERATOR_METRICS),
  };
}

/** A default as the operator's `--help` shows it. */
function shownDefault(value: string | undefined): string {
  return value === undefined ? 'none, required' : value === '' ? 'none' : value;
}

function metricRows(prefix: string, metrics: Readonly<Record<string, Metric>>): string[] {
  const rows = Object.entries(metrics).map(([name, { type, labels, help, action }]) =>
    row(code(prefix + name), labels.length === 0 ? type : `${type} by ${labels.join(', ')}`, help, action),
  );
  return [...head('metric', 'kind', 'what', 'what to do'), ...rows];
}

function head(...names: readonly string[]): string[] {
  return [row(...names), row(...names.map(() => '---'))];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(name: string): string {
  return `\`${name}\``;
}

/** The document with every table between its markers replaced. @throws Error for a marker without a table */
export function withTables(document: string): string {
  const all = tables();
  return document.replaceAll(
    /(<!-- table: ([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, open: string, name: string, close: string) => {
      const rows = all[name];
      if (rows === undefined) throw new Error(`there is no table ${name}`);
      return `${open}\n${rows.join('\n')}\n\n${close}`;
    },
  );
}
