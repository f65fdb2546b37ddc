import { access, rm } from 'node:fs/promises';
import { until } from '../until.ts';

/** Names the file that a process writes once it has collected its garbage. */
export const COLLECTED_VARIABLE = 'CHAOS_COLLECTED_FILE';

const COLLECTED_MS = 10_000;

/** Where that file is, beside a process's clock. */
export function collectedPath(clockPath: string): string {
  return `${clockPath}-collected`;
}

/** Asks a process for it, and resolves when it is done. @throws Error when it is not within 10 s */
export async function collected(path: string, ask: () => void): Promise<void> {
  await rm(path, { force: true });
  ask();
  await until(() => access(path).then(() => true), COLLECTED_MS, 'The process did not collect its garbage.');
}
