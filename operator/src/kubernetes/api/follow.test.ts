import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ApiError } from './api-error.ts';
import { follow, type Happening } from './follow.ts';
import type { KubernetesObject, Watchable, WatchLine } from './resource.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

type Line = WatchLine<KubernetesObject>;
/** What one watch brings: its lines, then it ends, fails, or stays open without a word. */
interface Script {
  readonly lines?: readonly Line[];
  readonly then: 'end' | 'hang' | Error;
}

const object = (name: string, resourceVersion: string): KubernetesObject => ({ metadata: { name, resourceVersion } });
const line = (type: Line['type'], name: string, version: string): Line => ({ type, object: object(name, version) });
const inBand = (code: number, details = {}): Line => ({ type: 'ERROR', object: { code, details } as KubernetesObject });

/** A collection that answers by a script; when the script is over, watches hang. */
function setup(watches: readonly Script[], lists: readonly (Error | readonly KubernetesObject[])[] = []) {
  const end = new AbortController();
  const seen = { lists: 0, watches: [] as string[], listMs: [] as number[] };
  const heard: Happening<KubernetesObject>[] = [];
  const startedMs = Date.now();
  const source: Watchable<KubernetesObject> = {
    list() {
      const answer = lists[seen.lists] ?? [];
      seen.lists += 1;
      seen.listMs.push(Date.now() - startedMs);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ items: answer, resourceVersion: `list-${seen.lists}` });
    },
    watch({ resourceVersion }, signal) {
      const script = watches[seen.watches.length] ?? { then: 'hang' as const };
      seen.watches.push(resourceVersion);
      if (script.then instanceof Error && script.lines === undefined) return Promise.reject(script.then);
      return Promise.resolve(play(script, signal));
    },
  };
  const run = async (): Promise<void> => {
    const options = { relistMs: 300_000, idleMs: 90_000, minBackoffMs: 500, maxBackoffMs: 10_000, random: () => 0.5 };
    const nowMs = (): number => Date.now() - startedMs;
    for await (const happening of follow(source, { ...options, nowMs, signal: end.signal })) heard.push(happening);
  };
  return { seen, heard, types: () => heard.map(({ type }) => type), end, finished: run() };
}

async function* play({ lines = [], then }: Script, signal: AbortSignal): AsyncGenerator<Line> {
  yield* lines;
  if (then === 'end') return;
  if (then !== 'hang') throw then;
  await new Promise((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')),
    ),
  );
}

describe('following a collection', () => {
  test('lists it, then brings what changes', async () => {
    const lines = [
      line('ADDED', 'b', '2'),
      line('MODIFIED', 'b', '3'),
      line('DELETED', 'a', '4'),
      line('BOOKMARK', '', '9'),
    ];
    const { heard, types } = setup([{ lines, then: 'hang' }], [[object('a', '1')]]);
    await pass(10);
    expect(types()).toEqual(['listed', 'heard', 'changed', 'changed', 'gone', 'heard']);
    expect(heard[0]).toMatchObject({ type: 'listed', items: [object('a', '1')] });
  });

  test('goes on from the last version, a bookmark’s included, when the server ends a watch', async () => {
    const lines = [line('ADDED', 'a', '2'), line('BOOKMARK', '', '9')];
    const { seen, types } = setup([{ lines, then: 'end' }]);
    await pass(10);
    expect(seen.watches).toEqual(['list-1', '9']);
    expect(types()).not.toContain('lost');
  });

  test('lists again when the version is forgotten, whether as a status or inside of the watch', async () => {
    const status = setup([{ then: new ApiError(410, 'gone', null) }]);
    const inside = setup([{ lines: [inBand(410)], then: 'end' }]);
    await pass(1_000);
    for (const { seen } of [status, inside]) expect(seen).toMatchObject({ lists: 2, watches: ['list-1', 'list-2'] });
  });

  test('tells of a failure inside of a watch that is no 410, and goes on from the same version', async () => {
    const { seen, types } = setup([{ lines: [line('ADDED', 'a', '5'), inBand(504)], then: 'end' }]);
    await pass(1_000);
    expect(types()).toEqual(['listed', 'heard', 'changed', 'lost', 'heard']);
    expect(seen).toMatchObject({ lists: 1, watches: ['list-1', '5'] });
  });

  test('lists again after some watches that brought nothing but failures', async () => {
    const broken = { then: new Error('reset') };
    const { seen } = setup([broken, broken, broken]);
    await pass(10_000);
    expect(seen).toMatchObject({ lists: 2, watches: ['list-1', 'list-1', 'list-1', 'list-2'] });
  });

  test('does not ask without end a server that hangs up at once', async () => {
    const { seen } = setup(Array.from({ length: 500 }, () => ({ then: 'end' as const })));
    await pass(60_000);
    expect(seen.watches.length).toBeLessThan(20);
  });

  test('waits twice as long after each failure, and ten seconds at most', async () => {
    const { seen } = setup(
      [],
      Array.from({ length: 100 }, () => new Error('refused')),
    );
    await pass(60_000);
    const pauses = seen.listMs.slice(1).map((ms, i) => ms - (seen.listMs[i] ?? 0));
    expect(pauses.slice(0, 7)).toEqual([375, 750, 1_500, 3_000, 6_000, 7_500, 7_500]);
  });

  test('waits as long as the server asks', async () => {
    const { seen } = setup([], [new ApiError(429, 'busy', 7_000)]);
    await pass(6_900);
    expect(seen.lists).toBe(1);
    await pass(200);
    expect(seen.lists).toBe(2);
  });

  test('gives up a watch that brings nothing, bookmarks included, for a minute and a half', async () => {
    const { seen, types } = setup([{ then: 'hang' }]);
    await pass(89_000);
    expect(types()).not.toContain('lost');
    await pass(2_000);
    expect(types()).toContain('lost');
    expect(seen).toMatchObject({ lists: 1, watches: ['list-1', 'list-1'] });
  });

  test('lists again every five minutes, though all looks well', async () => {
    const { seen } = setup([]);
    await pass(1_300_000);
    expect(seen.lists).toBe(5);
  });

  test('ends with its signal, and at no other time', async () => {
    const { end, finished, types } = setup([{ then: new Error('reset') }]);
    await pass(10_000);
    const before = types().length;
    end.abort();
    await pass(100);
    await finished;
    expect(types()).toHaveLength(before);
  });
});
