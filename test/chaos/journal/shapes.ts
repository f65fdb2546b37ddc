import type { Excuse, JournalRecord } from './record.ts';

type Check = (value: unknown) => boolean;

const EXCUSES: Readonly<Record<Excuse, true>> = {
  'redis-lost-writes': true,
  'master-dies': true,
  'gap-of-delivery': true,
  'connections-close': true,
  'clients-offline': true,
};

const isTime: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string';
const isWhole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isLog: Check = (value) => isText(value) && /^(?:inbox|channel):/u.test(value as string);
const isTruth: Check = (value) => typeof value === 'boolean';
const isExcuse = isOneOf(...Object.keys(EXCUSES));
const isExcuses: Check = (value) => Array.isArray(value) && value.every(isExcuse);

function isOneOf(...words: readonly string[]): Check {
  return (value) => words.includes(value as string);
}

const message = [isTime, isText, isLog, isWhole];

/** What follows the name of each kind of record. */
const SHAPES = new Map<string, readonly Check[]>(
  Object.entries({
    intent: message,
    accepted: message,
    failed: [...message, isText, isTruth],
    abandoned: message,
    joined: [isTime, isText, isLog],
    arrived: [isTime, isText, isWhole, isText, isLog, isWhole],
    served: [isTime, isText, isOneOf('v1', 'plain', 'socketIo'), isWhole, isWhole, isTime],
    closed: [isTime, isText, isWhole, isWhole, isWhole],
    gap: [isTime, isText, isLog],
    loss: [isTime, isText],
    present: [isTime, isText, isOneOf('comes', 'leaves', 'stalls', 'resumes')],
    presence: [isTime, isText, isText, isOneOf('online', 'offline'), isText],
    fault: [isTime, isWhole, isText, isOneOf('begin', 'end'), isText],
    phase: [isTime, isWhole, isText, isExcuses],
    sample: [isTime, isText, isTime],
  } satisfies Record<JournalRecord[0], readonly Check[]>),
);

/** Whether a value that was read is a record as record.ts has it. */
export function isRecord(value: unknown): value is JournalRecord {
  if (!Array.isArray(value)) return false;
  const shape = SHAPES.get(value[0] as string);
  if (shape === undefined || value.length !== shape.length + 1) return false;
  for (let i = 0; i < shape.length; i += 1) if (shape[i]?.(value[i + 1]) !== true) return false;
  return true;
}
