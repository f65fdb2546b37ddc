import type { CloseCode, CloseReason } from '@flotilla-im/protocol';
import type { FrameRun } from '../../delivery/frame-run.ts';
import type { Session } from '../session.ts';
import type { Notice, Transport, TransportKind } from '../transport.ts';

/** A way out that writes down what was to leave, and closes at once. */
export class FakeTransport implements Transport {
  readonly kind: TransportKind;
  session: Session | null = null;
  /** Data of messages and types of notices, in order, as flushed. */
  readonly out: string[] = [];
  readonly notices: Notice[] = [];
  backlog = 0;
  isHeld = false;
  beats = 0;
  terminated = 0;
  closedWith: { readonly code: CloseCode; readonly reason: CloseReason } | null = null;
  #queued: string[] = [];

  constructor(kind: TransportKind = 'v1') {
    this.kind = kind;
  }

  deliver(run: FrameRun): void {
    for (const { entry } of run.frames) this.#queued.push(entry.data);
  }

  tell(notice: Notice): void {
    this.notices.push(notice);
    this.#queued.push(notice.type);
  }

  flush(): void {
    this.out.push(...this.#queued);
    this.#queued = [];
  }

  backlogBytes(): number {
    return this.backlog;
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }

  beat(): void {
    this.beats += 1;
  }

  close(code: CloseCode, reason: CloseReason): void {
    this.flush();
    this.closedWith = { code, reason };
  }

  terminate(): void {
    this.terminated += 1;
  }
}
