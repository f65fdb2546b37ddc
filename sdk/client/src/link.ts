import type { Heartbeat } from './heartbeat.ts';
import type { Pacer } from './pacer.ts';

/** One socket, from its opening to its end. */
export interface Link {
  readonly id: number;
  /** Epoch of the `moved` frame that named it; 0 for an address from the application. */
  readonly epoch: number;
  /** When to give it up before its welcome, or while it ends. Milliseconds of the machine's clock. */
  deadline: number;
  /** While it is served. */
  heartbeat: Heartbeat | null;
  /** Of its requests, from its welcome on. */
  pacer: Pacer | null;
  /** When it was welcomed. */
  servedAt: number;
  /** Whether another connection delivered when it sent its `resume`. */
  overlaps: boolean;
}

/** A link of which nothing is known yet. */
export function createLink(id: number, epoch: number, deadline: number): Link {
  return { id, epoch, deadline, heartbeat: null, pacer: null, servedAt: 0, overlaps: false };
}

/** What a link was for. */
export type Role = 'primary' | 'candidate' | 'retired';

/** The sockets there are: at most one that delivers (or is being made), one to take over from it, and those that end. */
export class Links {
  primary: Link | null = null;
  candidate: Link | null = null;
  readonly #retired = new Map<number, Link>();

  /** All of them, the one that delivers first. */
  all(): Link[] {
    return [this.primary, this.candidate, ...this.#retired.values()].filter((link) => link !== null);
  }

  /** The link of an id, unless it was given up. */
  find(id: number): Link | undefined {
    return this.all().find((link) => link.id === id);
  }

  /** What a link is for; null once it was given up. */
  roleOf(id: number): Role | null {
    if (this.primary?.id === id) return 'primary';
    if (this.candidate?.id === id) return 'candidate';
    return this.#retired.has(id) ? 'retired' : null;
  }

  /** Whether two connections may deliver. */
  get isOverlap(): boolean {
    return this.candidate !== null || this.#retired.size > 0;
  }

  /** Whether no socket is left. */
  get isEmpty(): boolean {
    return this.primary === null && !this.isOverlap;
  }

  /** It ends, and has until `deadline` for that. */
  retire(link: Link, deadline: number): void {
    this.drop(link.id);
    link.deadline = deadline;
    link.heartbeat = null;
    this.#retired.set(link.id, link);
  }

  /** It is gone. What it was for; null when that was known already. */
  drop(id: number): Role | null {
    const role = this.roleOf(id);
    if (role === 'primary') this.primary = null;
    else if (role === 'candidate') this.candidate = null;
    else this.#retired.delete(id);
    return role;
  }
}
