import type { FleetAnswer, FleetChange, MovedSlots } from '../../../src/fleet/fleet-words.ts';
import { countOf, numberOf } from './summary.ts';

/** More than these would be read by nobody. */
const MOST_WAYS = 3;

/** A heading for a change: which epochs. */
export function epochsOf({ firstEpoch, epoch }: FleetChange): string {
  return firstEpoch === epoch ? `Epoch ${epoch}` : `Epochs ${firstEpoch}–${epoch}`;
}

/** What moved, from where to where, and how fast. */
export function movedSentence({ moved, mostMoved, tookMs }: FleetChange): string {
  if (moved.length === 0) {
    const isBack = tookMs === null ? 'are coming back' : `are back after ${secondsOf(tookMs)}`;
    return `${countOf(mostMoved, 'slot')} went elsewhere and ${isBack}.`;
  }
  const slots = moved.reduce((sum, each) => sum + each.slots, 0);
  const pace = tookMs === null ? 'are moving' : `moved ${tookMs === 0 ? 'at once' : `in ${secondsOf(tookMs)}`}`;
  return `${countOf(slots, 'slot')} ${pace}: ${waysOf(moved).join(', ')}.`;
}

/** What that did to connections, as far as it is known. */
export function outcomeSentence({ connections, outcome, tookMs }: FleetChange): string {
  if (outcome === null) return tookMs === null ? 'Connections are being carried over …' : 'Counting connections …';
  const { carried, lost, isComplete } = outcome;
  const open = `Of ${countOf(connections, 'open connection')}, `;
  const moved = carried === 0 ? 'none was seen to change shard' : `${numberOf(carried)} went to another shard`;
  const losses = Object.entries(lost);
  if (losses.length === 0 && isComplete) return `${open}${moved}; nobody was dropped.`;
  if (!isComplete) return `${open}${moved}. Which ones ended could not be followed all the time.`;
  const ended = losses.map(([reason, count]) => `${numberOf(count)} ${LOSS[reason] ?? reason}`).join(', ');
  return `${open}${moved}; meanwhile ${ended}. Whoever was cut off comes again by itself.`;
}

const LOSS: Readonly<Record<string, string>> = {
  'shard lost': 'cut off by the loss of a shard',
  'connection lost': 'broke off',
  moved: 'told to move and not arrived',
};

/** What a listener is told of a newer picture; null: nothing worth a word. */
export function newsOf(before: FleetAnswer | null, after: FleetAnswer): string | null {
  if (before === null) return null;
  const parts: string[] = [];
  if (after.epoch !== before.epoch) parts.push(`Epoch ${after.epoch}: ${countOf(after.shards.length, 'shard')}.`);
  const [newest] = after.changes;
  const known = before.changes.find(({ firstEpoch }) => firstEpoch === newest?.firstEpoch);
  const isOver = newest !== undefined && newest.outcome !== null && (known?.outcome ?? null) === null;
  if (isOver) parts.push(movedSentence(newest), outcomeSentence(newest));
  const { control } = after;
  if (control?.hasFailed === true && before.control?.text !== control.text) parts.push(control.text);
  return parts.length === 0 ? null : parts.join(' ');
}

/** What the launcher does, or did last. */
export function controlSentence({ control }: FleetAnswer): string {
  if (control === null) return '';
  const { what, isRunning, text } = control;
  if (text !== '') return text;
  return isRunning ? `${what.charAt(0).toUpperCase()}${what.slice(1)} …` : '';
}

/** Each way by itself where they are few, else only where slots came from or where they went, whichever is shorter. */
function waysOf(moved: readonly MovedSlots[]): string[] {
  if (moved.length <= MOST_WAYS) {
    return moved.map(({ from, to, slots }) => `${numberOf(slots)} from ${shardName(from)} to ${shardName(to)}`);
  }
  const [from, to] = [sumBy(moved, 'from'), sumBy(moved, 'to')];
  const [word, sums] = from.size < to.size ? ['from', from] : ['to', to];
  return [...sums]
    .sort(([a], [b]) => (a ?? -1) - (b ?? -1))
    .map(([shard, slots]) => `${numberOf(slots)} ${word} ${shardName(shard)}`);
}

function sumBy(moved: readonly MovedSlots[], side: 'from' | 'to'): ReadonlyMap<number | null, number> {
  const sums = new Map<number | null, number>();
  for (const each of moved) sums.set(each[side], (sums.get(each[side]) ?? 0) + each.slots);
  return sums;
}

/** A shard by its name. */
export function shardName(shard: number | null): string {
  return shard === null ? 'nobody' : `shard ${shard}`;
}

function secondsOf(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
