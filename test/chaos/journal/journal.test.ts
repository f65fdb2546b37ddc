import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { journalFiles, programOf, recordsOf, UnreadableJournal } from './reader.ts';
import type { JournalRecord } from './record.ts';
import { type Journal, monotonicMs, openJournal } from './writer.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-journal-'));
  folders.push(folder);
  return folder;
}

const intent = (n: number): JournalRecord => ['intent', n + 0.125, 'sender-0.1', 'inbox:zoë', n];

function setup() {
  const folder = newFolder();
  const file = join(folder, 'sender-0.1.jsonl');
  return {
    folder,
    file,
    open: (): Journal => openJournal(folder, 'sender-0.1'),
    read: () => [...recordsOf(file)],
    text: () => readFileSync(file, 'utf8'),
  };
}

describe('a journal', () => {
  it('gives back what was written, in order', async () => {
    const { folder, file, open, read } = setup();
    const journal = open();
    journal.write(intent(1));
    journal.writeNow(intent(2));
    journal.write(intent(3));
    await journal.close();
    await journal.close();
    expect(journalFiles(folder)).toEqual([file]);
    expect(programOf(file)).toBe('sender-0.1');
    expect(read()).toEqual([1, 2, 3].map(intent));
  });

  it('has what must be there at once, and what came before it', async () => {
    const { open, read, text } = setup();
    const journal = open();
    journal.write(intent(1));
    expect(text()).toBe('');
    journal.writeNow(intent(2));
    expect(read()).toEqual([intent(1), intent(2)]);
    await journal.close();
  });

  it('writes a tick down at its end', async () => {
    const { open, read } = setup();
    const journal = open();
    journal.write(intent(1));
    journal.write(intent(2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(read()).toEqual([intent(1), intent(2)]);
    await journal.close();
  });

  it('is not mixed with that of another run', async () => {
    const { open } = setup();
    await open().close();
    expect(open).toThrow('EEXIST');
  });

  it('is read across the bounds of what is read at a time', async () => {
    const { open, read } = setup();
    const journal = open();
    const records = Array.from({ length: 60_000 }, (_, i) => intent(i));
    for (const record of records) journal.write(record);
    await journal.close();
    expect(read()).toEqual(records);
  });

  it('loses nothing that was written at once when its process is killed', async () => {
    const { folder, read } = setup();
    const writer = JSON.stringify(new URL('writer.ts', import.meta.url).href);
    const program = `
      const { openJournal } = await import(${writer});
      const journal = openJournal(process.argv[1], 'sender-0.1');
      for (let n = 1; n <= 100; n += 1) journal.writeNow(['intent', n + 0.125, 'sender-0.1', 'inbox:zoë', n]);
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [null, string];
    expect(signal).toBe('SIGKILL');
    expect(read()).toEqual(Array.from({ length: 100 }, (_, i) => intent(i + 1)));
  });
});

describe('reading', () => {
  it('leaves out a last line that was not finished', () => {
    const { file, read } = setup();
    writeFileSync(file, `${JSON.stringify(intent(1))}\n["intent",2,"sen`);
    expect(read()).toEqual([intent(1)]);
  });

  it.each([
    ['no JSON', '["intent",2,"sen'],
    ['no array', '{"intent":1}'],
    ['an unknown kind', '["intend",2,"sender-0.1","inbox:a",1]'],
    ['too little', '["intent",2,"sender-0.1","inbox:a"]'],
    ['too much', '["intent",2,"sender-0.1","inbox:a",1,1]'],
    ['no time', '["intent","2","sender-0.1","inbox:a",1]'],
    ['a log of no kind', '["intent",2,"sender-0.1","a",1]'],
    ['a number that counts nothing', '["intent",2,"sender-0.1","inbox:a",-1]'],
    ['an unknown kind of client', '["served",2,"a","v2",1,0,1]'],
    ['excuses that are no list', '["phase",2,1,"scale","none"]'],
    ['an excuse that nobody knows', '["phase",2,1,"scale",["none"]]'],
  ])('says in which file and line there is %s', (_, line) => {
    const { file, read } = setup();
    writeFileSync(file, `${JSON.stringify(intent(1))}\n`);
    appendFileSync(file, `${line}\n`);
    expect(read).toThrow(UnreadableJournal);
    expect(read).toThrow(`${file}:2: `);
  });

  it('knows every kind of record', () => {
    const { file, read } = setup();
    const records: JournalRecord[] = [
      ['intent', 1, 's.1', 'channel:c', 1],
      ['accepted', 1, 's.1', 'channel:c', 1],
      ['failed', 1, 's.1', 'channel:c', 1, 'unavailable', true],
      ['abandoned', 1, 's.1', 'channel:c', 1],
      ['joined', 1, 'a', 'channel:c'],
      ['arrived', 1, 'a', 0, 's.1', 'channel:c', 1],
      ['served', 1, 'a', 'socketIo', 1, 0, 0.5],
      ['closed', 1, 'a', 1, 0, 1000],
      ['gap', 1, 'a', 'channel:c'],
      ['loss', 1, 'watcher-0'],
      ['present', 1, 'a', 'comes'],
      ['presence', 1, 'w', 'a', 'online', ''],
      ['fault', 1, 1, 'scale', 'begin', ''],
      ['phase', 1, 1, 'scale', ['connections-close']],
      ['sample', 1, 'epoch', 3],
    ];
    writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect(read()).toEqual(records);
  });
});

describe('the clock of journals', () => {
  it('is the same for all processes, whatever the time of day is', () => {
    const before = monotonicMs();
    const uptime = Number(process.hrtime.bigint()) / 1e6;
    const after = monotonicMs();
    expect(uptime).toBeGreaterThanOrEqual(before);
    expect(uptime - 0.001).toBeLessThanOrEqual(after);
  });
});
