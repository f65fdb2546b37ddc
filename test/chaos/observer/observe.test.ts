import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { judged } from './story/judged.ts';
import { Plot } from './story/plot.ts';
import type { Series, Verdict } from './verdict.ts';

const INBOX = 'inbox:ann';
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const OF_CLIENTS = ['arrived', 'served', 'closed', 'present'];

/** Clocks of a machine begin anywhere. */
const BEGAN_MS = 5_000_000;

function plotOfTwoSeconds(): Plot {
  const plot = new Plot()
    .client('ann', 'v1', BEGAN_MS)
    .phase(BEGAN_MS + 100, 'start')
    .phase(BEGAN_MS + 1_000, 'storm', 'connections-close');
  plot.sent(INBOX, BEGAN_MS + 200, BEGAN_MS + 202).arrived('ann', INBOX, 1, BEGAN_MS + 206);
  const n = plot.intends(INBOX, BEGAN_MS + 1_100);
  plot
    .failed(INBOX, n, BEGAN_MS + 1_200)
    .accepted(INBOX, n, BEGAN_MS + 1_300)
    .arrived('ann', INBOX, n, BEGAN_MS + 1_310);
  plot
    .fault(BEGAN_MS + 1_500, 'begin')
    .fault(BEGAN_MS + 1_600, 'end')
    .sample(BEGAN_MS + 1_500, 'epoch', 3);
  plot
    .sample(BEGAN_MS + 1_700, 'rss.shard-0', 3_145_728)
    .closed('ann', BEGAN_MS + 1_900)
    .served('ann', BEGAN_MS + 2_000, 1);
  return plot;
}

/** Runs the observer over journals. */
function run(journals: Readonly<Record<string, string>>, ...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-observer-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(journals)) writeFileSync(join(folder, name), text);
  const file = join(folder, 'verdict.json');
  const { status, stderr } = spawnSync(process.execPath, [MAIN, folder, file, ...options], { encoding: 'utf8' });
  return { status, stderr, verdict: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Verdict) : null };
}

function textOf({ records }: Plot): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

describe('a verdict', () => {
  it('tells the run, its phases and its faults in seconds since it began', () => {
    expect(judged(plotOfTwoSeconds().records)).toMatchObject({
      passed: true,
      durationS: 2,
      clients: { v1: 1, plain: 0, socketIo: 0 },
      accepted: 2,
      delivered: 2,
      phases: [
        { name: 'start', detail: '', fromS: 0.1, toS: 1 },
        { name: 'storm', detail: 'connections-close', fromS: 1, toS: 2 },
      ],
      faults: [{ name: 'storm', fromS: 1.5, toS: 1.6 }],
    });
  });

  it('has what is drawn, second by second, and what was sampled', () => {
    const { series } = judged(plotOfTwoSeconds().records);
    const named = (name: string): Series['values'] | undefined => series.find((one) => one.name === name)?.values;
    expect(named('deliveries/s')).toEqual([1, 1, 0]);
    expect(named('accepted/s')).toEqual([1, 1, 0]);
    expect(named('failed sends/s')).toEqual([0, 1, 0]);
    expect(named('latency p50')).toEqual([4, 10, null]);
    expect(named('latency p99')).toEqual([4, 10, null]);
    expect(named('connections of shard 0')).toEqual([1, 0, 0]);
    expect(named('connections of shard 1')).toEqual([0, 0, 1]);
    expect(series).toContainEqual({ name: 'epoch', unit: '', seconds: [1.5], values: [3] });
    expect(series).toContainEqual({ name: 'rss.shard-0', unit: 'MB', seconds: [1.7], values: [3] });
  });

  it('is the same wherever the files come first', () => {
    const byProgram = Map.groupBy(plotOfTwoSeconds().records, ([what]) => OF_CLIENTS.includes(what));
    const files = [...byProgram.values()];
    expect(judged(files.toReversed().flat())).toEqual(judged(files.flat()));
  });

  it('tells some hundred violations at most, and counts all', () => {
    const plot = new Plot().phase(0, 'calm').client('ann');
    for (let i = 0; i < 1_000; i += 1) plot.sent(INBOX, 10 * i);
    const { violations, violationCount } = judged(plot.records);
    expect([violations.length, violationCount]).toEqual([20, 1_000]);
  });

  it('is none where journals contradict themselves', () => {
    const unsent = new Plot().accepted(INBOX, 1, 10);
    expect(() => judged(unsent.records)).toThrow('nobody meant to send');
  });
});

describe('the observer as a process', () => {
  it('says by its code whether all was well', () => {
    const plot = plotOfTwoSeconds();
    expect(run({ 'all.jsonl': textOf(plot) })).toMatchObject({ status: 0, verdict: { passed: true } });
    plot.sent(INBOX, BEGAN_MS + 1_800);
    expect(run({ 'all.jsonl': textOf(plot) })).toMatchObject({ status: 1, verdict: { violationCount: 1 } });
  });

  it('says what it cannot read', () => {
    expect(run({ 'all.jsonl': '{}\n' })).toMatchObject({ status: 2, verdict: null });
    expect(run({ 'all.jsonl': '{}\n' }).stderr).toContain('all.jsonl:1: no record');
    expect(run({}).stderr).toContain('there are no journals');
  });

  it('takes other bounds', () => {
    const text = textOf(plotOfTwoSeconds());
    expect(run({ 'all.jsonl': text }, '--options', '{"lateMs":5}')).toMatchObject({ status: 1 });
    expect(run({ 'all.jsonl': text }, '--options', '{"late":5}')).toMatchObject({ status: 2, verdict: null });
  });
});
