import type { JournalRecord, LogName } from '../../journal/record.ts';
import { LOST, STRETCHES } from './stretches.ts';

/** A message of a story. */
export interface Sent {
  readonly log: LogName;
  readonly life: string;
  readonly n: number;
  readonly intentMs: number;
  /** When it stood in the log, whoever knows. */
  readonly acceptedMs: number;
  readonly stored: boolean;
  /** Somebody was told. */
  readonly answered: boolean;
}

const LIVES = ['sender-0.1', 'sender-0.2'] as const;
const EVERY_MS = 2_500;

/** One sender that is killed once in the middle of its sends; its next life takes over half of what had no answer. */
export function sendAll(logs: readonly LogName[], chance: () => number) {
  const programs = new Map<string, JournalRecord[]>(LIVES.map((life) => [life, []]));
  const killedMs = STRETCHES.moves + 100_000 * chance();
  const messages = logs.flatMap((log) => sendTo(log, killedMs, programs, chance));
  for (const records of programs.values()) records.sort((a, b) => a[1] - b[1]);
  return { programs, messages };
}

function sendTo(
  log: LogName,
  killedMs: number,
  programs: ReadonlyMap<string, JournalRecord[]>,
  chance: () => number,
): Sent[] {
  const messages: Sent[] = [];
  let [n, life] = [0, 0];
  let tMs: number = STRETCHES.calm + EVERY_MS * chance();
  const write = (by: number, ...records: JournalRecord[]): void => void programs.get(LIVES[by] ?? '')?.push(...records);
  while (tMs < STRETCHES.end - 3_000) {
    n += 1;
    const own = LIVES[life] ?? LIVES[0];
    write(life, ['intent', tMs, own, log, n]);
    const isKilled = life === 0 && tMs + EVERY_MS > killedMs;
    const isTakenOver = isKilled && chance() < 0.5;
    const hasFailed = !isKilled && chance() < 0.1;
    const answeredMs = tMs + (isTakenOver ? 3_000 : hasFailed ? 400 : 3);
    if (hasFailed) write(life, ['failed', tMs + 200, own, log, n, 'unavailable', true]);
    const answered = !isKilled || isTakenOver;
    if (answered) write(isKilled ? 1 : life, ['accepted', answeredMs, own, log, n]);
    else write(1, ['abandoned', tMs + 3_000, own, log, n]);
    messages.push({
      log,
      life: own,
      n,
      intentMs: tMs,
      acceptedMs: answeredMs,
      stored: answered || chance() < 0.5,
      answered,
    });
    if (isKilled) [n, life, tMs] = [0, 1, tMs + 4_000];
    tMs += EVERY_MS * (0.5 + chance());
    // One that is certainly lost.
    if (
      messages.at(-1)?.acceptedMs !== undefined &&
      tMs > LOST.fromMs &&
      (messages.at(-1)?.intentMs ?? 0) < LOST.fromMs
    ) {
      tMs = LOST.fromMs + 100;
    }
  }
  return messages;
}
