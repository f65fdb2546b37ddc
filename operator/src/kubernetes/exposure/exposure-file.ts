import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { sleep } from '../../sleep.ts';
import { type Exposure, parseExposure } from './exposure.ts';

/** A mounted ConfigMap takes up to a minute to follow its object; looking for changes is a small read. Milliseconds. */
const LOOK_MS = 2_000;

/** The exposure from its file, as it is now. */
export interface ExposureFile {
  current(): Exposure;
  close(): Promise<void>;
}

/**
 * Reads the file, and again when it changes; a change that cannot be used is logged, and the last good one stays.
 *
 * @throws {ConfigError} when it cannot be used at the start; what the system says when it cannot be read
 */
export async function openExposureFile(
  path: string,
  logger: Logger,
  onChange: () => void,
  lookMs = LOOK_MS,
): Promise<ExposureFile> {
  let text = await readFile(path, 'utf8');
  let current = parseExposure(text);
  const end = new AbortController();
  let told = '';
  const look = async (): Promise<void> => {
    try {
      const next = await readFile(path, 'utf8');
      if (next === text) return;
      text = next;
      current = parseExposure(next);
      told = '';
      logger.info('exposure changed');
      onChange();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason === told) return;
      told = reason;
      logger.error({ error: reason }, 'exposure cannot be used, the last one stays');
    }
  };
  const run = async (): Promise<void> => {
    for (;;) {
      await sleep(lookMs, end.signal);
      if (end.signal.aborted) return;
      await look();
    }
  };
  const running = run();
  return {
    current: () => current,
    close() {
      end.abort();
      return running;
    },
  };
}
