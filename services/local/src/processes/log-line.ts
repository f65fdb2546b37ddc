/** What a line of a child's output is to the launcher. */
export interface LogLine {
  /** A warning or worse: shown to the person; null for what only the log file is interested in. */
  readonly warning: string | null;
  /** The fields, when the line is one of JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const LOUD = new Set<unknown>(['warn', 'error', 'fatal']);
const SHOWN_FIELDS = ['error', 'code', 'reason', 'err', 'faults'];

/** Reads a line of output: JSON as pino writes it, with levels by name or by number, or any text. */
export function readLogLine(line: string, isErrorStream: boolean): LogLine {
  const fields = parseFields(line);
  if (fields === null) return { warning: isErrorStream && isWorthShowing(line) ? line : null, fields: {} };
  const { level, msg } = fields;
  const isLoud = LOUD.has(level) || (typeof level === 'number' && level >= 40);
  return { warning: isLoud ? describe(typeof msg === 'string' ? msg : '', fields) : null, fields };
}

/** Node's own warnings and the frames of a stack are for developers: they stay in the log file. */
function isWorthShowing(line: string): boolean {
  return line.trim() !== '' && !/^(\((node:\d+|Use `node )|\s+at |Node\.js v)/u.test(line);
}

function parseFields(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function describe(message: string, fields: Readonly<Record<string, unknown>>): string {
  const shown = SHOWN_FIELDS.filter((name) => fields[name] !== undefined).map((name) => textOf(fields[name]));
  return shown.length === 0 ? message : `${message} (${shown.join('; ')})`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const message = (value as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : JSON.stringify(value);
}
