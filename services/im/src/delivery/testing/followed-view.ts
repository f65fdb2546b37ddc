import { LOG_START } from '@flotilla-im/protocol';
import { CatchUp } from '../catch-up.ts';
import { Filler } from '../filler.ts';
import { FlushTick } from '../flush-tick.ts';
import { Follower } from '../follower.ts';
import { LogReader } from '../log-reader.ts';
import { LogView } from '../log-view.ts';
import { FakeReceiver } from './fake-receiver.ts';
import { ScriptedLog } from './scripted-log.ts';

/** A view of a scripted log with what fills it; ticks run when the test says so. */
export interface FollowedView {
  readonly log: ScriptedLog;
  readonly view: LogView;
  readonly tick: FlushTick;
  readonly filler: Filler;
  readonly catchUp: CatchUp;
  /** A new live follower at the view's line. */
  readonly follow: (clientId?: string) => { follower: Follower; receiver: FakeReceiver };
  /** As a notify of the entry would. */
  readonly notify: (entry: ReturnType<ScriptedLog['append']>) => void;
}

/** Opens a view of the log as it stands. */
export function followedView(log = new ScriptedLog(), pageEntries = 256, queueBytes = 1_000_000): FollowedView {
  const view = new LogView(log.key, { frames: 8, bytes: 1_000_000 });
  const tick = new FlushTick(() => undefined);
  const reader = new LogReader((_key, after) => Promise.resolve(log.read(after, pageEntries)));
  const readPage = reader.page.bind(reader);
  const filler = new Filler(readPage, tick);
  view.open(log.meta());
  return {
    log,
    view,
    tick,
    filler,
    catchUp: new CatchUp(readPage, filler, queueBytes),
    follow(clientId) {
      const receiver = new FakeReceiver(clientId);
      const follower = new Follower(view, receiver, view.isOpen ? view.line : LOG_START);
      view.attach(follower);
      return { follower, receiver };
    },
    notify(entry) {
      if (view.offer(entry) === 'gap') void filler.fill(view);
      tick.addView(view);
    },
  };
}
