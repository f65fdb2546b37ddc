/** A Lua pattern as a regular expression. */
export interface Pattern {
  readonly expression: RegExp;
  /** Of each capture, whether it is a place (`()`) rather than a text. */
  readonly places: readonly boolean[];
}

const CLASSES: Readonly<Record<string, string>> = {
  a: 'A-Za-z',
  d: '0-9',
  l: 'a-z',
  u: 'A-Z',
  w: 'A-Za-z0-9',
  x: 'A-Fa-f0-9',
  s: ' \\t-\\r',
  p: '!-\\/:-@\\[-`{-~',
};

const known = new Map<string, Pattern>();

/** Translates a pattern (Lua 5.1 manual, section 5.4.1) but for `%b`, `%f` and back references, which no script uses. */
export function patternOf(text: string): Pattern {
  let pattern = known.get(text);
  if (pattern === undefined) known.set(text, (pattern = translate(text)));
  return pattern;
}

function translate(text: string): Pattern {
  const places: boolean[] = [];
  let source = '';
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '^' && at === 0) source += '^';
    else if (character === '$' && at === text.length - 1) source += '$';
    else if (character === '(') {
      const isPlace = text[at + 1] === ')';
      places.push(isPlace);
      source += '(';
    } else if (character === ')') source += ')';
    else {
      const [item, length] = itemAt(text, at);
      at += length;
      const quantifier = text[at] ?? '';
      const isQuantified = quantifier !== '' && '*+-?'.includes(quantifier);
      source += item + (isQuantified ? (quantifier === '-' ? '*?' : quantifier) : '');
      if (isQuantified) at += 1;
      continue;
    }
    at += 1;
  }
  return { expression: new RegExp(source, places.includes(true) ? 'dg' : 'g'), places };
}

/** One character of a pattern as a regular expression, and how long it is in the pattern. */
function itemAt(text: string, at: number): [string, number] {
  const character = text[at] ?? '';
  if (character === '.') return ['[^]', 1];
  if (character === '%') return [classOf(text[at + 1] ?? '', false), 2];
  if (character === '[') return setAt(text, at);
  return [character.replace(/[\\^$*+?()[\]{}|/]/, '\\$&'), 1];
}

function setAt(text: string, at: number): [string, number] {
  const end = text.indexOf(']', at + 2);
  let source = '';
  for (let i = at + 1; i < end; i++) {
    const character = text[i] ?? '';
    if (character === '%') source += classOf(text[++i] ?? '', true);
    else source += character === '^' && i === at + 1 ? '^' : character.replace(/[\\^[\]]/, '\\$&');
  }
  return [`[${source}]`, end - at + 1];
}

function classOf(letter: string, isInSet: boolean): string {
  const inside = CLASSES[letter.toLowerCase()];
  if (inside === undefined) {
    if (/[a-z0-9]/i.test(letter)) throw new SyntaxError(`%${letter} is not known here`);
    return letter.replace(/[\\^$*+?.()[\]{}|/-]/, '\\$&');
  }
  if (letter === letter.toLowerCase()) return isInSet ? inside : `[${inside}]`;
  if (isInSet) throw new SyntaxError(`[%${letter}] is not known here`);
  return `[^${inside}]`;
}
