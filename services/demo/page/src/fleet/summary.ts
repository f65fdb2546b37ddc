import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';

const NUMBER = new Intl.NumberFormat('en');

/** What the strip says. */
export function summaryOf({ shards, connections, perSecond, epoch }: FleetAnswer): string {
  const up = shards.filter(({ state, report }) => state === 'up' && report === 'up').length;
  const parts = [
    up === shards.length ? countOf(up, 'shard') : `${up} of ${countOf(shards.length, 'shard')} up`,
    countOf(connections, 'connection'),
    `epoch ${epoch}`,
    `${numberOf(perSecond)} msg/s`,
  ];
  return parts.join(' · ');
}

/** A number as people read it; a dash where there is none. */
export function numberOf(value: number | null): string {
  return value === null ? '–' : NUMBER.format(value);
}

/** `1 shard`, `2 shards`. */
export function countOf(count: number, what: string): string {
  return `${NUMBER.format(count)} ${what}${count === 1 ? '' : 's'}`;
}
