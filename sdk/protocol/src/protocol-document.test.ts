import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DISCONNECTS } from './disconnects.ts';
import { ERROR_MEANINGS } from './error-meanings.ts';
import { type ErrorCode, ERRORS, retryPolicyOf } from './errors.ts';
import type { ClientFrame } from './frames/client-frames.ts';
import { parseClientFrame } from './frames/parse-client-frame.ts';
import { parseServerFrame, SERVER_FRAME_SHAPES } from './frames/parse-server-frame.ts';
import { LIMITS } from './limits.ts';
import { parseShardMap } from './parse-shard-map.ts';

/** Each frame with the fields it has besides `type`; `?` marks those that may be left out. */
const CLIENT_FRAMES: Readonly<Record<ClientFrame['type'], readonly string[]>> = {
  resume: ['inbox?', 'channels?'],
  ack: ['inbox?', 'channels?'],
  ping: [],
  send: ['id', 'to', 'data', 'live?'],
  publish: ['id', 'channel', 'data', 'live?'],
  upstream: ['id', 'data'],
  subscribe: ['id', 'channel'],
  unsubscribe: ['id', 'channel'],
};

interface Section {
  readonly title: string;
  /** Rows of its tables, cells trimmed and without backticks; headers left out. */
  readonly rows: readonly (readonly string[])[];
  /** Its fenced JSON, parsed. */
  readonly examples: readonly Record<string, unknown>[];
}

/** The sections of PROTOCOL.md whose titles start with `marks` (`##`, `###`, `####`), by title. */
function setup(marks: string, within = ''): Map<string, Section> {
  const text = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
  const part = within === '' ? text : (text.split(`\n${within}\n`)[1] ?? '').split(/\n#{2,3} /, 1).join('');
  const sections = part.split(`\n${marks} `).slice(1);
  return new Map(sections.map(readSection).map((section) => [section.title, section]));
}

function readSection(text: string): Section {
  const [title = '', ...lines] = text.split('\n');
  const tables = lines.filter((line) => line.startsWith('|')).map((line) => line.slice(1, -1).split(/(?<!\\)\|/));
  const trimmed = tables.map((cells) => cells.map((cell) => cell.trim()));
  const rows = trimmed.filter((_, i) => !isRule(trimmed[i]) && !isRule(trimmed[i + 1]));
  const examples = [...text.matchAll(/```json\n([^]*?)```/g)].map(
    ([, json = '']) => JSON.parse(json) as Record<string, unknown>,
  );
  return { title: title.replaceAll('`', ''), rows, examples };
}

const isRule = (cells: readonly string[] | undefined): boolean => cells?.every((cell) => /^-+$/.test(cell)) === true;
const bare = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

test('the error table is the code’s, both ways, word by word', () => {
  const rows = setup('##').get('Errors')?.rows;
  expect(rows?.map(([code, ...rest]) => [bare(code), ...rest])).toEqual(
    (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
      const { number, httpStatus } = ERRORS[code];
      return [code, String(number), retryPolicyOf(code), String(httpStatus), ERROR_MEANINGS[code]];
    }),
  );
});

test('the close-code table is the code’s, both ways', () => {
  const rows = setup('##').get('Close codes')?.rows ?? [];
  expect(rows.map(([code, reason, then]) => [code, bare(reason), then])).toEqual(
    Object.entries(DISCONNECTS).map(([code, row]) => [code, row.reason, row.then]),
  );
  expect(rows.every((row) => (row[3] ?? '').length > 0)).toBe(true);
});

test('the limits are the code’s, both ways, with their defaults', () => {
  const rows = setup('##').get('Limits')?.rows ?? [];
  expect(rows.map(([name, value]) => [bare(name), value])).toEqual(
    Object.entries(LIMITS).map(([name, value]) => [name, value.toLocaleString('en')]),
  );
});

test('the frames of the client are described, all of them and no others, with their fields', () => {
  const sections = setup('####', '### Frames of the client');
  expect([...sections.keys()].sort()).toEqual(Object.keys(CLIENT_FRAMES).sort());
  for (const { title, rows } of sections.values()) {
    expect([title, rows.map(([field]) => bare(field))]).toEqual([title, CLIENT_FRAMES[title as ClientFrame['type']]]);
  }
});

test('each example of a client frame has every field and is read as it stands; without a required field it is not', () => {
  for (const { title, examples } of setup('####', '### Frames of the client').values()) {
    const [example = {}] = examples;
    const fields = CLIENT_FRAMES[title as ClientFrame['type']];
    expect(Object.keys(example)).toEqual(['type', ...fields.map((field) => field.replace('?', ''))]);
    expect(parseClientFrame(JSON.stringify(example))).toEqual(example);
    for (const field of fields) {
      const without = JSON.stringify({ ...example, [field.replace('?', '')]: undefined });
      if (field.endsWith('?')) expect(parseClientFrame(without).type).toBe(title);
      else expect(() => parseClientFrame(without)).toThrow();
    }
  }
});

test('the frames of the shard are described, all of them and no others, with their fields', () => {
  const sections = setup('####', '### Frames of the shard');
  const described = [...sections.values()].map(({ title, rows }) => [title, rows.map(([field]) => bare(field)).sort()]);
  const shapes = Object.entries(SERVER_FRAME_SHAPES).map(([type, checks]) => [
    type,
    Object.entries(checks)
      .map(([field, check]) => (check(undefined) ? `${field}?` : field))
      .sort(),
  ]);
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(shapes));
});

test('each example of a shard frame is one that a client reads', () => {
  for (const { title, examples } of setup('####', '### Frames of the shard').values()) {
    expect(examples.map((example) => parseServerFrame(JSON.stringify(example))?.type)).toEqual([title]);
  }
});

test('the events of Socket.IO are frames of the same name', () => {
  const rows =
    setup('##')
      .get('Socket.IO')
      ?.rows.map(([event]) => bare(event)) ?? [];
  const ofShard = ['welcome', 'message', 'live', 'gap', 'joined', 'left', 'error', 'bye'];
  const ofClient = ['send', 'publish', 'upstream', 'subscribe', 'unsubscribe', 'ack'];
  expect(rows).toEqual([...ofShard, ...ofClient]);
  expect(Object.keys(SERVER_FRAME_SHAPES)).toEqual(expect.arrayContaining(ofShard));
  expect(Object.keys(CLIENT_FRAMES)).toEqual(expect.arrayContaining(ofClient));
});

test('the example of a shard map is one', () => {
  const [example] = setup('##').get('Names, hash, slots and the shard map')?.examples ?? [];
  expect(parseShardMap(example)).toEqual(example);
});
