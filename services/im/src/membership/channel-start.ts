import type { Position } from '@flotilla-im/protocol';
import type { ReadPage } from '../delivery/filler.ts';
import type { LogPage } from '../delivery/log-page.ts';
import { isFurther, isPlace } from '../delivery/log-places.ts';
import type { LogView } from '../delivery/log-view.ts';

/** Where a connection begins in a channel. */
export interface ChannelStart {
  /** Delivery goes on after it. */
  readonly place: Position;
  /** The first page from there, where it had to be read. */
  readonly page: LogPage | null;
  /** False when it brought a position, or its device had one, from which on the log cannot tell everything. */
  readonly recovered: boolean;
}

/** What decides it. */
export interface StartWishes {
  /** The position it brought, or its device's cursor. */
  readonly owed: Position | null;
  /** Where the join stands; null for the broadcast channel, which begins at its tail for whoever has no position. */
  readonly joinedAt: Position | null;
}

/**
 * Where a member begins: at the position it is owed, else at its join, and never before its join, since what was said
 * before is not the member's to read.
 *
 * @param view - open
 */
export async function startChannel(view: LogView, wishes: StartWishes, readPage: ReadPage): Promise<ChannelStart> {
  const { owed, joinedAt } = wishes;
  const after = owed ?? joinedAt ?? view.line;
  const page = await pageAfter(view, after, readPage);
  const extent = page?.meta ?? { generations: view.generations, last: view.line.offset, life: view.life };
  // Not where it wished to begin: where that is lost, the log begins again from as far back as it goes.
  if (joinedAt === null || !isFurther(extent, joinedAt, page?.start ?? after)) {
    return { place: page?.start ?? after, page, recovered: owed === null || (page?.recovered ?? true) };
  }
  const joined = await pageAfter(view, joinedAt, readPage);
  // What the view has at hand is a place of the log, of whatever generation: those it knows are as of its last read.
  const isKept = page === null || isPlace(extent, after);
  return { place: joined?.start ?? joinedAt, page: joined, recovered: (joined?.recovered ?? true) && isKept };
}

/** Null where the view has what comes after the position at hand. */
async function pageAfter(view: LogView, after: Position, readPage: ReadPage): Promise<LogPage | null> {
  return view.after(after, 1) === null ? readPage(view, after) : null;
}
