import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogFiles } from '../processes/log-files.ts';
import { readLogLine } from '../processes/log-line.ts';

/** The logger of a part that runs in this process: into its log file, warnings to the person as well. */
export function createOwnLogger(name: string, logs: LogFiles, say: (line: string) => void): Logger {
  const options = { timestamp: stdTimeFunctions.isoTime, formatters: { level: (level: string) => ({ level }) } };
  return pino(options, {
    write(text: string) {
      const line = text.trimEnd();
      logs.write(name, line);
      const { warning } = readLogLine(line, false);
      if (warning !== null) say(`${name}: ${warning}`);
    },
  });
}
