import type { Suite } from './suite.ts';
import { busSuite } from './coordination/bus.ts';
import { leaseSuite } from './coordination/leases.ts';
import { mapSuite } from './coordination/map.ts';
import { appendSuite } from './logs/append.ts';
import { boundsSuite } from './logs/bounds.ts';
import { idempotencySuite } from './logs/idempotency.ts';
import { notifySuite } from './logs/notify.ts';
import { readSuite } from './logs/read.ts';
import { retrySuite } from './logs/retry.ts';

/** What every store must do, wherever it keeps its data. */
export const suites: readonly Suite[] = [
  appendSuite,
  readSuite,
  boundsSuite,
  idempotencySuite,
  retrySuite,
  notifySuite,
  busSuite,
  mapSuite,
  leaseSuite,
];
