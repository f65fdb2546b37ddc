import { expect } from '@jest/globals';
import { type ErrorCode, isFlotillaError } from '@flotilla-im/protocol';

/** What became of a parser's work. */
export type Judged<T> = { readonly value: T } | { readonly code: ErrorCode };

/** Runs a parser; anything it throws but a documented error fails the test, and so does a changed `Object.prototype`. */
export function judged<T>(run: () => T): Judged<T> {
  try {
    const value = run();
    expectNoForeignPrototype(value);
    return { value };
  } catch (error) {
    if (isFlotillaError(error)) return { code: error.code };
    throw error;
  } finally {
    expect(Object.keys(Object.prototype)).toEqual([]);
  }
}

/** Objects in what a parser gave have the prototype of plain objects, of lists, or none: never one that the input named. */
function expectNoForeignPrototype(value: unknown): void {
  const pending: unknown[] = [value];
  for (let one = pending.pop(); pending.length > 0 || one !== undefined; one = pending.pop()) {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) continue;
    const prototype: unknown = Object.getPrototypeOf(one);
    if (prototype !== null && prototype !== Object.prototype && !Array.isArray(one) && !(one instanceof Map))
      throw new Error('the result has a prototype of its own');
    for (const inner of Object.values(one)) pending.push(inner);
  }
}

/** Milliseconds of this thread's CPU that a call takes: a busy machine makes nothing longer. */
export function durationOf(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  return millisecondsSince(before);
}

/** The same of a call that ends later. */
export async function durationUntil(run: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await run();
  return millisecondsSince(before);
}

function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
