import type { Suite } from './suite.ts';
import { connectSuite } from './presence/connect.ts';
import { replaceSuite } from './presence/replace.ts';
import { presenceEventsSuite } from './presence/events.ts';
import { graceSuite } from './presence/grace.ts';
import { reapSuite } from './presence/reap.ts';
import { reassertSuite } from './presence/reassert.ts';
import { onlineListSuite } from './presence/list.ts';
import { controlSuite } from './presence/control.ts';
import { presenceModelSuite } from './presence/model.ts';
import { cursorsSuite } from './presence/cursors.ts';
import { receiptsSuite } from './presence/receipts.ts';
import { membershipSuite } from './channels/membership.ts';
import { followSuite } from './channels/follow.ts';
import { groupsSuite } from './events/groups.ts';
import { sharingSuite } from './events/sharing.ts';
import { upstreamSuite } from './events/upstream.ts';
import { tailSuite } from './events/tail.ts';
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
  connectSuite,
  replaceSuite,
  presenceEventsSuite,
  graceSuite,
  reapSuite,
  reassertSuite,
  onlineListSuite,
  controlSuite,
  presenceModelSuite,
  cursorsSuite,
  receiptsSuite,
  membershipSuite,
  followSuite,
  groupsSuite,
  sharingSuite,
  upstreamSuite,
  tailSuite,
];
