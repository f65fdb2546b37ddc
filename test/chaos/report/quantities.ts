import type { Figure } from '../observer/verdict.ts';

/** 1234.5 as `1,234.5`: at most so many digits after the point. */
export function formatNumber(value: number, mostDigits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: mostDigits });
}

/** A value with its unit, three digits of it or all before the point: `3.14 ms`, `1,204 ms`, `2.5×`. The space does not break. */
export function formatValue(value: number, unit: string): string {
  const size = Math.abs(value);
  const text = Number.isFinite(value) ? formatNumber(value, size >= 100 ? 0 : size >= 10 ? 1 : 2) : 'unknown';
  if (unit === '' || text === 'unknown') return text;
  return unit === 'x' ? `${text}×` : `${text}\u00a0${unit}`;
}

/** `≤ 3,000 ms`. Empty where there is no bound. */
export function formatBound({ most, unit }: Figure): string {
  return most === null ? '' : `≤\u00a0${formatValue(most, unit)}`;
}

/** A time since the run began: `43.5 s`, and from ten minutes on `12:05`. */
export function formatTime(seconds: number): string {
  if (seconds < 600) return `${seconds.toLocaleString('en-US', { maximumFractionDigits: 1 })}\u00a0s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** How long something took: `240 s`, and from ten minutes on `12 min`. */
export function formatLength(seconds: number): string {
  return seconds < 600
    ? `${formatNumber(seconds, seconds < 10 ? 1 : 0)}\u00a0s`
    : `${formatNumber(seconds / 60)}\u00a0min`;
}

/** `1 fault`, `2,000 faults`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** Whether a figure is over its bound. What is no number is: nobody knows that it held. */
export function isMissed({ value, most }: Figure): boolean {
  return most !== null && !(Number.isFinite(value) && value <= most);
}
