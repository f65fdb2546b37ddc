import { journalFiles, programOf, recordsOf } from '../journal/reader.ts';
import type { ClientKind } from '../journal/record.ts';
import { tellFigures } from './figures.ts';
import { Findings } from './findings.ts';
import { type History, HistoryBuilder } from './history/history.ts';
import { judgeConnections } from './judges/connections.ts';
import { judgeDelivery } from './judges/delivery.ts';
import type { Judging } from './judges/judging.ts';
import { LostWrites } from './judges/lost-writes.ts';
import { judgePresence } from './judges/presence.ts';
import { Measures } from './measures.ts';
import type { ObserverOptions } from './options.ts';
import { seriesOf } from './series.ts';
import type { FaultSpan, Verdict } from './verdict.ts';

/**
 * Judges the journals of a folder.
 *
 * @throws UnreadableJournal for what is no record, ImpossibleHistory for journals that contradict themselves, Error when
 * there is none
 */
export function observe(folder: string, options: ObserverOptions): Verdict {
  const files = journalFiles(folder);
  if (files.length === 0) throw new Error(`there are no journals in ${folder}`);
  const builder = new HistoryBuilder();
  for (const file of files) {
    const program = programOf(file);
    for (const record of recordsOf(file)) builder.take(record, program);
  }
  return judge(builder.build(), options);
}

/** Judges what the journals say. */
export function judge(history: History, options: ObserverOptions): Verdict {
  const findings = new Findings(history);
  const measures = new Measures(history);
  const judging: Judging = { history, options, findings, measures, lostWrites: new LostWrites(history) };
  judgeDelivery(judging);
  judgeConnections(judging);
  judgePresence(judging);
  tellFigures(judging);
  return {
    passed: findings.violationCount === 0,
    durationS: (history.endedMs - history.beganMs) / 1_000,
    clients: clientsOf(history),
    accepted: history.messages.acceptedMs.reduce((count, tMs) => (Number.isNaN(tMs) ? count : count + 1), 0),
    delivered: measures.deliveredCount,
    figures: findings.figures,
    violations: findings.violations,
    violationCount: findings.violationCount,
    faults: faultsOf(history),
    phases: phasesOf(history),
    series: seriesOf(history, measures),
  };
}

function clientsOf({ clients }: History): Record<ClientKind, number> {
  const counts = { v1: 0, plain: 0, socketIo: 0 };
  for (const { kind, servings } of clients) if (servings.length > 0) counts[kind] += 1;
  return counts;
}

/** One that nobody ended lasts to the end of the run. */
function faultsOf({ faults, beganMs, endedMs }: History): FaultSpan[] {
  const begins = faults.filter(([, , , , what]) => what === 'begin').toSorted((a, b) => a[1] - b[1]);
  return begins.map(([, fromMs, id, name, , detail]) => {
    const end = faults.find(([, tMs, other, , what]) => what === 'end' && other === id && tMs >= fromMs);
    return { name, detail, fromS: (fromMs - beganMs) / 1_000, toS: ((end?.[1] ?? endedMs) - beganMs) / 1_000 };
  });
}

function phasesOf({ phases, beganMs, endedMs }: History): FaultSpan[] {
  return phases.all.map(({ name, fromMs, toMs, excuses }) => ({
    name,
    detail: excuses.join(', '),
    fromS: (Math.max(fromMs, beganMs) - beganMs) / 1_000,
    toS: (Math.min(toMs, endedMs) - beganMs) / 1_000,
  }));
}
