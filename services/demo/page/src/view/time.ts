const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

/** The time of day, as people write it here. */
export function clockOf(at: number): string {
  return CLOCK.format(at);
}

/** The day as a heading. */
export function dayOf(at: number): string {
  return DAY.format(at);
}

/** By the calendar of this place. */
export function isSameDay(a: number, b: number): boolean {
  return Math.abs(a - b) < 86_400_000 && new Date(a).getDate() === new Date(b).getDate();
}
