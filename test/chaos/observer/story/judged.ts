import type { JournalRecord } from '../../journal/record.ts';
import { HistoryBuilder } from '../history/history.ts';
import { judge } from '../observe.ts';
import { DEFAULT_OPTIONS, type ObserverOptions } from '../options.ts';
import type { Figure, Verdict } from '../verdict.ts';

/** What the observer says of records that one program wrote, whichever it was. */
export function judged(records: Iterable<JournalRecord>, options: Partial<ObserverOptions> = {}): Verdict {
  const builder = new HistoryBuilder();
  // Of a sender's records it matters whether they stand in the journal of their own life.
  for (const record of records) builder.take(record, record[0] === 'accepted' ? record[2] : 'any');
  return judge(builder.build(), { ...DEFAULT_OPTIONS, ...options });
}

/** Kinds of all violations, in their order. */
export function kindsOf({ violations }: Verdict): string[] {
  return violations.map(({ kind }) => kind);
}

/** The figure of a name; of the last phase that has it. */
export function figureOf({ figures }: Verdict, name: string): Figure | undefined {
  return figures.findLast((figure) => figure.name === name);
}
