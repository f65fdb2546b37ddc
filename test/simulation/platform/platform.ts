import nodeCrypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Due, Loop } from './loop.ts';
import type { SimulatedProcess } from './process.ts';

/** Node's own clock, for how long schedules take. */
export const realNowMs = performance.now.bind(performance);

/** Node's own turn of the event loop. */
export const realSetImmediate = globalThis.setImmediate;

/** Milliseconds since 1970 at which every schedule begins. */
export const EPOCH_MS = 1_767_225_600_000;

/** What `setTimeout` and its like return. */
class Timer {
  due: Due | null = null;

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  close(): this {
    cancel(this);
    return this;
  }
}

function cancel(timer: unknown): void {
  if (timer instanceof Timer && timer.due !== null) timer.due.isDone = true;
}

/**
 * Puts the clock, the timers, the chance and the signatures of the world at `world()` in the place of Node's own. What runs
 * outside of any world (the start of the program, and between two schedules) finds them without time: it may not wait.
 */
export function installPlatform(world: () => Loop): void {
  // Errors are made by the thousand, and few are read.
  Error.stackTraceLimit = 4;
  installTimers(world);
  installClocks(world);
  installChance(world);
}

function processOf(loop: Loop): SimulatedProcess {
  if (loop.current === null) throw new Error('something of the world ran between two steps');
  return loop.current;
}

type Run = (...args: readonly unknown[]) => void;

function installTimers(world: () => Loop): void {
  const start = (run: () => void, ms: number): Timer => {
    const loop = world();
    const timer = new Timer();
    timer.due = loop.after(ms, processOf(loop), run);
    return timer;
  };
  const repeat = (timer: Timer, run: () => void, ms: number): void => {
    const loop = world();
    timer.due = loop.after(ms, processOf(loop), () => {
      repeat(timer, run, ms);
      run();
    });
  };
  // As Node has it: a millisecond at least.
  const delay = (ms: unknown): number => Math.max(1, Math.trunc(Number(ms)) || 0);
  define(globalThis, {
    setTimeout: (run: Run, ms: unknown, ...args: unknown[]) => start(() => run(...args), delay(ms)),
    setImmediate: (run: Run, ...args: unknown[]) => start(() => run(...args), 0),
    setInterval: (run: Run, ms: unknown, ...args: unknown[]) => {
      const timer = new Timer();
      repeat(timer, () => run(...args), delay(ms));
      return timer;
    },
    clearTimeout: cancel,
    clearInterval: cancel,
    clearImmediate: cancel,
  });
}

function installClocks(world: () => Loop): void {
  define(performance, { now: () => world().nowMs });
  const wallMs = ({ nowMs, current }: Loop): number => EPOCH_MS + Math.floor(nowMs + (current?.wallOffsetMs ?? 0));
  define(Date, { now: () => wallMs(world()) });
}

function installChance(world: () => Loop): void {
  const own = (): SimulatedProcess => processOf(world());
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => own().chance.below(256)));
  const id = (): string => own().newId();
  define(Math, { random: () => own().chance.next() });
  define(globalThis.crypto, { randomUUID: id });
  define(nodeCrypto, { randomUUID: id, randomBytes: bytes });
  syncBuiltinESMExports();
}

/** Replaces members, also those that are inherited or not writable. */
export function define(object: object, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: true });
  }
}
