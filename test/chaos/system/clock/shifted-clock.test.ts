import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CLOCK_VARIABLE, createClockFile, type ClockFile } from './clock-file.ts';

/** What a program sees of time. */
interface Seen {
  readonly now: number;
  readonly date: number;
  readonly text: number;
  readonly elapsedMs: number;
  readonly isDate: boolean;
  readonly fixed: string;
}

const PROGRAM = `setInterval(() => console.log(JSON.stringify({
  now: Date.now(), date: new Date().getTime(), text: Date.parse(Date()), elapsedMs: performance.now(),
  isDate: new Date() instanceof Date, fixed: new Date(Date.UTC(2020, 0)).toISOString(),
})), 20)`;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A program that says every 20 ms what it sees; `until` resolves with the first that is right. */
async function setup(): Promise<{ clock: ClockFile; until: (isRight: (seen: Seen) => boolean) => Promise<Seen> }> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-clock-'));
  ends.push(() => rm(folder, { recursive: true }));
  const clock = createClockFile(join(folder, 'clock'));
  const preload = new URL('./shifted-clock.ts', import.meta.url).href;
  const env = { ...process.env, [CLOCK_VARIABLE]: clock.path };
  const child = spawn(process.execPath, ['--import', preload, '-e', PROGRAM], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  ends.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const lines = createInterface({ input: child.stdout });
  const until = (isRight: (seen: Seen) => boolean): Promise<Seen> =>
    new Promise((resolve) => {
      lines.on('line', (line) => {
        const seen = JSON.parse(line) as Seen;
        if (isRight(seen)) resolve(seen);
      });
    });
  return { clock, until };
}

describe('a shifted clock', () => {
  test('shows the wall clock as far beside as it is told, while what counts time goes on', async () => {
    const { clock, until } = await setup();
    const first = await until(() => true);
    expect(Math.abs(first.now - Date.now())).toBeLessThan(5_000);
    for (const shiftMs of [86_400_000, -86_400_000, 0]) {
      clock.shift(shiftMs);
      const seen = await until(({ now }) => Math.abs(now - shiftMs - Date.now()) < 5_000);
      expect(Math.abs(seen.date - seen.now)).toBeLessThan(1_000);
      expect(Math.abs(seen.text - seen.now)).toBeLessThan(2_000);
      expect(seen.elapsedMs - first.elapsedMs).toBeLessThan(60_000);
      expect(seen).toMatchObject({ isDate: true, fixed: '2020-01-01T00:00:00.000Z' });
    }
  });
});
