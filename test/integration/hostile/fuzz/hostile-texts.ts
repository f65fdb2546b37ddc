import fc from 'fast-check';

/** One damage done to a text: where (as a share of its length), over how many units, and with what. */
interface Damage {
  readonly kind: 'flip' | 'cut' | 'double' | 'insert' | 'end';
  readonly where: number;
  readonly length: number;
  readonly put: string;
}

/** What parsers stumble over. */
const PIECES = ['\0', '\n', ' ', '"', '\\', '{', '}', '[', ']', ':', ',', '-1', '1e999', '\ud800', '__proto__', '"x":'];

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'double', 'insert', 'end'),
  where: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', minLength: 1, maxLength: 6 })),
});

function damaged(text: string, { kind, where, length, put }: Damage): string {
  const at = Math.floor(where * text.length);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (kind) {
    case 'flip':
      return before + put + after.slice(put.length);
    case 'cut':
      return before + after.slice(length);
    case 'double':
      return before + after.slice(0, length) + after;
    case 'insert':
      return before + put + after;
    case 'end':
      return before;
  }
}

/** Valid texts after one to three damages: a unit overwritten, a part cut, doubled or put in, the end gone. */
export function mutated(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(valid, fc.array(damage, { minLength: 1, maxLength: 3 }))
    .map(([text, damages]) => damages.reduce(damaged, text));
}

/** Texts of any kind, JSON of any kind, and damaged valid ones. */
export function hostile(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 4, arbitrary: mutated(valid) },
  );
}

/** Names as applications may choose them: any well-formed text of at most 128 bytes, those of an object's own members too. */
export const name: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !text.startsWith('$')),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a:b', '{x}', '}:{', '*'),
);

/** JSON that is deeper than any stack. */
export const DEEP = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
