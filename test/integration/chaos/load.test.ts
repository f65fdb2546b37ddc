import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { journalFiles, recordsOf } from '../../chaos/journal/reader.ts';
import type { JournalRecord } from '../../chaos/journal/record.ts';
import { kindOf } from '../../chaos/load/people.ts';
import { startLoad } from '../../chaos/load/start-load.ts';
import { eventually } from '../../support/eventually.ts';
import { createLauncherHarness, type LauncherHarness } from '../local/launcher-process.ts';

const CLIENTS = { v1: 10, plain: 10, socketIo: 10 } as const;
const EVERYBODY = 30;

type Of<What extends JournalRecord[0]> = Extract<JournalRecord, readonly [What, ...unknown[]]>;

describe('the load of a chaos run', () => {
  let harness: LauncherHarness;
  let journals: string;
  let records: JournalRecord[];
  let replayed: number;

  const of = <What extends JournalRecord[0]>(what: What): Of<What>[] =>
    records.filter((record): record is Of<What> => record[0] === what);

  beforeAll(async () => {
    journals = await mkdtemp(join(tmpdir(), 'flotilla-load-'));
    harness = await createLauncherHarness();
    const { redis, cluster, tokenKeysFile } = await (await harness.start('--shards', '2')).facts();
    const load = await startLoad({
      journals,
      cluster,
      redisUrl: redis ?? '',
      tokenKeysFile,
      seed: 1,
      clients: CLIENTS,
      clientsPerProcess: 15,
      channels: 3,
      inboxPerSecond: 80,
      channelPerSecond: 20,
      connectPerSecond: 100,
      mutant: null,
    });
    await load.start();
    load.resume();
    await wait(500);
    load.storm(0.5);
    await wait(500);
    // Who is on its way back would count as one connection less.
    await eventually(async () => expect(await load.connected()).toBe(EVERYBODY), 60_000);
    load.killSender();
    load.stall(0.3);
    await wait(500);
    load.readAgain();
    load.leaveAndReturn(0.3, 300);
    await wait(500);
    load.stopClients();
    await wait(300);
    load.contClients();
    await wait(700);
    // However slowly it goes: until enough was sent, also by the sender that took over.
    const isEnough = (): boolean => {
      records = journalFiles(journals).flatMap((file) => [...recordsOf(file)]);
      return of('accepted').length > 150 && of('intent').some(([, , life]) => life === 'sender-0.2');
    };
    while (!isEnough()) await wait(200);
    await load.settle(300, 60_000);
    replayed = await load.replayTokens(10);
    await eventually(async () => expect(await load.connected()).toBe(EVERYBODY), 60_000);
    await load.close();
    records = journalFiles(journals).flatMap((file) => [...recordsOf(file)]);
  }, 240_000);
  afterAll(async () => {
    await harness.close();
    await rm(journals, { recursive: true, force: true });
  }, 60_000);

  test('journals every accepted message at everybody it is for, at those with a library once', () => {
    const arrivals = Map.groupBy(of('arrived'), ([, , clientId, , life, log, n]) => `${clientId} ${life} ${log} ${n}`);
    const lacking: string[] = [];
    const doubled: string[] = [];
    for (const [, , life, log, n] of of('accepted')) {
      const members = of('joined').filter(([, , , joined]) => joined === log);
      const receivers = log.startsWith('inbox:') ? [log.slice(6)] : members.map(([, , clientId]) => clientId);
      for (const clientId of receivers) {
        const name = `${clientId} ${life} ${log} ${n}`;
        const count = arrivals.get(name)?.length ?? 0;
        if (count === 0) lacking.push(name);
        if (count > 1 && kindOf(clientId) === 'v1') doubled.push(name);
      }
    }
    expect({ lacking, doubled }).toEqual({ lacking: [], doubled: [] });
    expect(of('accepted').length).toBeGreaterThan(150);
  });

  test('sends nothing to a log before the message before was answered', () => {
    const steps = [...of('intent'), ...of('accepted'), ...of('abandoned')].toSorted((a, b) => a[1] - b[1]);
    const logs = Map.groupBy(steps, ([, , life, log]) => `${life} ${log}`);
    for (const [name, ofLog] of logs) {
      const told = ofLog.map(([what, , , , n]) => (what === 'intent' ? n : -n));
      expect([name, told]).toEqual([name, told.map((_, i) => (i % 2 === 0 ? i / 2 + 1 : -(i + 1) / 2))]);
    }
    expect(new Set(of('intent').map(([, , life]) => life))).toEqual(
      new Set(['sender-0.1', 'sender-0.2', 'sender-1.1']),
    );
  });

  test('has a killed sender find something half sent', () => {
    const killed = of('intent').filter(([, , life]) => life === 'sender-0.1');
    const lastMs = Math.max(...killed.map(([, tMs]) => tMs));
    const ended = [...of('accepted'), ...of('abandoned')].filter(([, , life]) => life === 'sender-0.1');
    expect(ended.filter(([, tMs]) => tMs > lastMs + 50).length).toBeGreaterThan(0);
    expect(ended.length).toBe(killed.length);
  });

  test('numbers connections, and says of each that ended which it was', () => {
    const names = of('served').map(([, , clientId, , connection]) => `${clientId} ${connection}`);
    expect(new Set(names).size).toBe(names.length);
    // 30 at first, 15 after the storm, 9 that left and came back.
    expect(names.length).toBeGreaterThanOrEqual(50);
    expect(of('served').every(([, , , , , shard, dialledMs]) => shard >= 0 && shard < 2 && dialledMs > 0)).toBe(true);
    expect(
      of('closed')
        .map(([, , clientId, connection]) => `${clientId} ${connection}`)
        .sort(),
    ).toEqual(names.sort());
  });

  test('says who is there, and hears it twice', () => {
    const comings = of('present').filter(([, , , what]) => what === 'comes').length;
    expect(of('present').filter(([, , , what]) => what === 'leaves')).toHaveLength(comings);
    expect(comings).toBe(EVERYBODY + 9);
    for (const watcher of ['watcher-0', 'watcher-1']) {
      const heard = of('presence').filter(([, , name]) => name === watcher);
      expect(heard.filter(([, , , , type]) => type === 'online')).toHaveLength(comings);
      expect(heard.filter(([, , , , type]) => type === 'offline')).toHaveLength(comings);
    }
  });

  test('stops readers and processes, and says so', () => {
    const stalls = of('present').filter(([, , , what]) => what === 'stalls');
    const resumes = of('present').filter(([, , , what]) => what === 'resumes');
    expect(stalls.length).toBeGreaterThanOrEqual(9 + 15 - 9);
    expect(resumes.map(([, , clientId]) => clientId).sort()).toEqual(stalls.map(([, , clientId]) => clientId).sort());
  });

  test('lets no used token in', () => {
    expect(replayed).toBe(0);
  });
});
