import { Violation } from '../checks/violation.ts';
import { enterWorld } from '../world/current-world.ts';
import { perform } from '../world/perform.ts';
import { type Trace, World } from '../world/world.ts';
import type { Schedule } from './action.ts';

/** What a schedule came to. */
export interface Outcome {
  /** The rule that was broken; null: none. */
  readonly violation: Violation | null;
  readonly steps: number;
  /** How long it lasted on the world's clock. */
  readonly simulatedMs: number;
  readonly messages: number;
}

/** What must hold at all times is looked at so often. */
const CHECK_MS = 250;

/** How long a world may take to come to rest after the last action. */
const SETTLE_MS = 25_000;
/** Until everybody has heard of changed grants, so that the last requests are held against them. */
const GRANTS_MS = 2_000;
/** The last messages of all must come within so long: loss is noticed within a second. */
const LAST_MS = 2_500;

/** Runs one schedule from beginning to end. Must be called outside of any promise job: it runs them itself. */
export function simulate(schedule: Schedule, enter: (world: World) => void, trace: Trace | null = null): Outcome {
  const world = new World(schedule.seed, drain, trace);
  enter(world);
  enterWorld(world);
  try {
    runSchedule(world, schedule);
  } catch (error) {
    world.fail(error instanceof Violation ? error : new Violation('fault', String((error as Error).stack)));
  } finally {
    enterWorld(null);
  }
  const { violation, loop, ledger } = world;
  return { violation, steps: loop.steps, simulatedMs: loop.nowMs, messages: ledger.count };
}

function runSchedule(world: World, schedule: Schedule): void {
  world.begin(schedule);
  const startMs = world.loop.nowMs;
  for (const step of schedule.steps) {
    world.loop.at(startMs + step.atMs, world.environment, () => perform(world, step));
  }
  const lastMs = startMs + Math.max(0, ...schedule.steps.map(({ atMs }) => atMs));
  while (world.violation === null && world.loop.nowMs < lastMs + 1) {
    world.run(Math.min(world.loop.nowMs + CHECK_MS, lastMs + 1));
    world.checkShares();
  }
  settle(world, SETTLE_MS);
  // A fault that still waits for its moment has found none in this schedule: the last messages are sent in peace.
  world.api.onNext = null;
  sayLast(world);
  settle(world, LAST_MS);
  world.ledger.checkOrder();
}

function settle(world: World, withinMs: number): void {
  if (world.isBroken()) return;
  let checkedMs = world.loop.nowMs;
  const isSettled = world.runUntil(() => {
    if (world.loop.nowMs >= checkedMs + CHECK_MS) {
      world.checkShares();
      checkedMs = world.loop.nowMs;
    }
    return world.unsettled().length === 0;
  }, withinMs);
  if (!isSettled && !world.isBroken()) throw new Violation('unsettled', world.unsettled().join('; '));
  // What happened since the last look may be what a fault did as it ended.
  world.checkShares();
}

/** Everybody is sent one more message: who is still reached by all is followed by all. */
function sayLast(world: World): void {
  if (world.violation !== null) return;
  world.runUntil(() => !world.requests.isUnheard(world.clients), GRANTS_MS);
  const [sender] = world.senders;
  for (const { clientId, isGone } of world.clients) if (!isGone) sender?.send(clientId);
  for (const channel of world.channels) sender?.publish(channel);
  for (const client of world.clients) world.requests.send(client, client.clientId);
  world.run(world.loop.nowMs + 100);
}

/** All promise jobs and next ticks that are ready, and those they make ready, without giving the event loop a turn. */
function drain(): void {
  (process as unknown as { _tickCallback(): void })._tickCallback();
}
