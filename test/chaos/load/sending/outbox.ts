import type { JournalRecord } from '../../journal/record.ts';
import type { LoadMessage } from './message.ts';

/** What earlier lives of a sender began to send and got no answer for: what a business finds in its outbox. At most one a log. */
export function openMessages(records: Iterable<JournalRecord>): LoadMessage[] {
  const open = new Map<string, LoadMessage>();
  for (const record of records) {
    const [what] = record;
    if (what !== 'intent' && what !== 'accepted' && what !== 'abandoned') continue;
    const [, , life, log, n] = record;
    if (what === 'intent') open.set(log, { life, log, n });
    else if (open.get(log)?.life === life && open.get(log)?.n === n) open.delete(log);
  }
  return [...open.values()];
}
