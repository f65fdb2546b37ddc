/** One word of a Lua text. */
export interface Token {
  readonly kind: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  /** A string's is its value, with escapes resolved. */
  readonly text: string;
  readonly line: number;
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const TOKEN =
  /(?<space>\s+)|(?<comment>--[^\n]*)|(?<name>[A-Za-z_]\w*)|(?<number>0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*")|(?<symbol>\.\.\.|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.])/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** Cuts a Lua text into words. Long brackets, which no script uses, are not known. @throws SyntaxError */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new SyntaxError(`line ${line}: ${text.slice(at, at + 20)} is no Lua known here`);
    const kind = (['name', 'number', 'string', 'symbol'] as const).find((known) => groups[known] !== undefined);
    if (kind !== undefined) tokens.push(tokenOf(kind, groups[kind] ?? '', line));
    line += text.slice(at, TOKEN.lastIndex).split('\n').length - 1;
  }
  tokens.push({ kind: 'end', text: '', line });
  return tokens;
}

function tokenOf(kind: Token['kind'], text: string, line: number): Token {
  if (kind === 'name' && KEYWORDS.has(text)) return { kind: 'keyword', text, line };
  if (kind !== 'string') return { kind, text, line };
  const value = text.slice(1, -1).replace(/\\([^])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
  return { kind, text: value, line };
}
