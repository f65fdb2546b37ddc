import type { ClientKind } from '../journal/record.ts';

/** A figure with the bound beside it. */
export interface Figure {
  readonly phase: string;
  /** For a person: `lost, flotilla.v1`, `delivery gap of moved clients, p99`. */
  readonly name: string;
  readonly value: number;
  /** The most that is allowed; null: told, not held against it. */
  readonly most: number | null;
  readonly unit: '' | 'ms' | '%' | 'MB' | '/s' | 'x';
}

/** Something that must not be, in words that lead to it in the journals. */
export interface Violation {
  readonly phase: string;
  readonly kind:
    | 'lost'
    | 'duplicated'
    | 'reordered'
    | 'phantom'
    | 'late'
    | 'told-lost'
    | 'ghost'
    | 'double-presence'
    | 'missing-presence'
    | 'closed-unmoved'
    | 'bound';
  readonly text: string;
}

/** One series on the run's time axis. Times in seconds since the run began, ascending. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly seconds: readonly number[];
  readonly values: readonly (number | null)[];
}

/** A fault on the run's time axis. */
export interface FaultSpan {
  readonly name: string;
  readonly detail: string;
  readonly fromS: number;
  readonly toS: number;
}

/** All that the observer found. Plain JSON: what the report is drawn from. */
export interface Verdict {
  readonly passed: boolean;
  readonly durationS: number;
  readonly clients: Readonly<Record<ClientKind, number>>;
  readonly accepted: number;
  readonly delivered: number;
  readonly figures: readonly Figure[];
  /** At most some hundred; `violationCount` counts all. */
  readonly violations: readonly Violation[];
  readonly violationCount: number;
  readonly faults: readonly FaultSpan[];
  readonly phases: readonly FaultSpan[];
  /** `deliveries/s`, `accepted/s`, `failed sends/s`, `latency p50`, `latency p99`, `connections of shard <n>`, `epoch`, … */
  readonly series: readonly Series[];
}
