import { expect, it } from '@jest/globals';
import { ReadMarks } from './read-marks.ts';

function setup(content = new Map<string, string>()) {
  const storage = {
    getItem: (key: string) => content.get(key) ?? null,
    setItem: (key: string, value: string) => void content.set(key, value),
  };
  return { content, storage, marks: new ReadMarks(storage, 'Anna') };
}

const place = (offset: number) => ({ position: `g.${offset}`, at: offset });

it('marks outlive the page and never go back', () => {
  const { content, marks } = setup();
  marks.set('@__proto__', place(5));
  marks.set('@__proto__', place(3));
  expect(setup(content).marks.get('@__proto__')).toEqual(place(5));
});

it("another page's marks are heard of, and not overwritten", () => {
  const { storage, marks } = setup();
  const other = new ReadMarks(storage, 'Anna');
  other.set('@Bob', place(1));
  marks.set('#Harbour', place(2));
  marks.reload();
  other.reload();
  expect([marks.get('@Bob'), other.get('#Harbour')]).toEqual([place(1), place(2)]);
});

it('each person has their own', () => {
  const { storage, marks } = setup();
  marks.set('@Bob', place(1));
  expect(new ReadMarks(storage, 'Carol').get('@Bob')).toBeNull();
});

it('a storage that holds nonsense, or nothing more, is no obstacle', () => {
  const { marks, storage } = setup(new Map([['flotilla-demo:read:Anna', '{"a":1}']]));
  storage.setItem = () => {
    throw new Error('QuotaExceededError');
  };
  marks.set('@Bob', place(1));
  expect(marks.get('@Bob')).toEqual(place(1));
});
