import type { Position, SlowReaderPolicy } from '@flotilla-im/protocol';
import type { Follower, Receiver } from '../follower.ts';
import type { MessageRun } from '../message-run.ts';

/** A connection that writes down what it got. */
export class FakeReceiver implements Receiver {
  readonly clientId: string;
  isServed = true;
  /** What `take` answers. */
  hasRoom = true;
  /** Data of messages, and `gap` where the log jumped, in order. */
  readonly got: string[] = [];
  readonly runs: MessageRun[] = [];
  policy: SlowReaderPolicy = 'disconnect';
  /** Messages that were passed over. */
  passed = 0;
  fellBehindCount = 0;
  waitsToCatchUp = false;

  constructor(clientId = 'alice') {
    this.clientId = clientId;
  }

  take(run: MessageRun): boolean {
    if (!this.hasRoom) return false;
    this.runs.push(run);
    for (const { entry } of run.frames) this.got.push(entry.data);
    return true;
  }

  jumped(_follower: Follower, _position: Position): void {
    this.got.push('gap');
  }

  policyOf(): SlowReaderPolicy {
    return this.policy;
  }

  passedOver(_follower: Follower, position: Position, count: number): void {
    this.passed += count;
    if (this.policy === 'drop-oldest') this.got.push(`gap ${position.offset}`);
  }

  fellBehind(): void {
    this.fellBehindCount += 1;
  }

  catchUpLater(): void {
    this.waitsToCatchUp = true;
  }
}
