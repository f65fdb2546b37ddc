/** Latencies of the messages that carry `"sentAt":<ms>` in their data. */
export interface Latencies {
  sample(bytes: Buffer, start: number, end: number): void;
  clear(): void;
  summary(): { p50: number; p99: number; max: number } | null;
}

const SENT_AT = Buffer.from('"sentAt":');

/** Sender and receiver are processes of one machine: `performance.timeOrigin + performance.now()` is one clock for both. */
export function createLatencies(): Latencies {
  let values: number[] = [];
  return {
    sample(bytes, start, end) {
      const at = bytes.indexOf(SENT_AT, start);
      if (at < 0 || at >= end) return;
      const number = at + SENT_AT.length;
      const sentAt = Number.parseFloat(bytes.toString('latin1', number, number + 20));
      values.push(performance.timeOrigin + performance.now() - sentAt);
    },
    clear() {
      values = [];
    },
    summary() {
      if (values.length === 0) return null;
      const sorted = values.toSorted((a, b) => a - b);
      const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
      return { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
    },
  };
}
