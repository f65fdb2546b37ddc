import type { Logger } from 'pino';

/** Hears what production code logs. */
export type Hear = (level: string, fields: unknown, text: string) => void;

/** A logger of that many words as production code uses. */
export function createLogger(hear: Hear): Logger {
  const level =
    (name: string) =>
    (fields: unknown, text?: string): void =>
      hear(name, typeof fields === 'string' ? {} : fields, text ?? String(fields));
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return Object.fromEntries(levels.map((name) => [name, level(name)])) as unknown as Logger;
}

/** What a line of a log says beside its text, short enough for a trace. */
export function briefly(fields: unknown): string {
  const { err, ...rest } = fields as { err?: unknown };
  const cause = err instanceof Error && err.cause instanceof Error ? `: ${err.cause.message}` : '';
  const told = err instanceof Error ? ` ${err.message}${cause}` : '';
  return JSON.stringify(rest) + told;
}
