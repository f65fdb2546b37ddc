import type { Findings } from '../findings.ts';
import type { History } from '../history/history.ts';
import type { Measures } from '../measures.ts';
import type { ObserverOptions } from '../options.ts';
import type { LostWrites } from './lost-writes.ts';

/** What every judge is given, and where it puts what it finds. */
export interface Judging {
  readonly history: History;
  readonly options: ObserverOptions;
  readonly findings: Findings;
  readonly measures: Measures;
  readonly lostWrites: LostWrites;
}
