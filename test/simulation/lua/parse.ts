import type { Block, Expression, Field, Statement } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Binding powers, left and right (Lua 5.1 manual, section 2.5.6). */
const BINARY: Readonly<Record<string, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
};
const UNARY_POWER = 8;

/** Reads the part of Lua 5.1 in which the scripts are written. @throws SyntaxError */
export function parseLua(text: string): Block {
  return new Parser(tokensOf(text)).chunk();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  chunk(): Block {
    const block = this.#block();
    if (this.#token.kind !== 'end') this.#fail();
    return block;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', line: 0 };
  }

  #fail(): never {
    throw new SyntaxError(`line ${this.#token.line}: unexpected ${this.#token.text || 'end'}`);
  }

  #is(text: string): boolean {
    return this.#token.text === text && (this.#token.kind === 'keyword' || this.#token.kind === 'symbol');
  }

  #accept(text: string): boolean {
    const isIt = this.#is(text);
    if (isIt) this.#at += 1;
    return isIt;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#fail();
  }

  #name(): string {
    if (this.#token.kind !== 'name') this.#fail();
    return this.#tokens[this.#at++]?.text ?? '';
  }

  #block(): Block {
    const statements: Statement[] = [];
    while (this.#token.kind !== 'end' && !['end', 'else', 'elseif', 'until'].some((word) => this.#is(word))) {
      statements.push(this.#statement());
      this.#accept(';');
    }
    return statements;
  }

  #closedBlock(): Block {
    const block = this.#block();
    this.#expect('end');
    return block;
  }

  #statement(): Statement {
    if (this.#accept('local')) return this.#local();
    if (this.#accept('if')) return this.#if();
    if (this.#accept('for')) return this.#for();
    if (this.#accept('do')) return { type: 'do', body: this.#closedBlock() };
    if (this.#accept('break')) return { type: 'break' };
    if (this.#accept('return')) return { type: 'return', values: this.#endsBlock() ? [] : this.#expressions() };
    if (this.#accept('while')) {
      const when = this.#expression();
      this.#expect('do');
      return { type: 'while', when, body: this.#closedBlock() };
    }
    return this.#callOrAssign();
  }

  #endsBlock(): boolean {
    return this.#token.kind === 'end' || this.#is('end') || this.#is('else') || this.#is('elseif');
  }

  #local(): Statement {
    if (this.#accept('function')) {
      const name = this.#name();
      return { type: 'local function', name, value: this.#function() };
    }
    const names = this.#names();
    return { type: 'local', names, values: this.#accept('=') ? this.#expressions() : [] };
  }

  #if(): Statement {
    const arms: { when: Expression; then: Block }[] = [];
    do {
      const when = this.#expression();
      this.#expect('then');
      arms.push({ when, then: this.#block() });
    } while (this.#accept('elseif'));
    const otherwise = this.#accept('else') ? this.#block() : null;
    this.#expect('end');
    return { type: 'if', arms, otherwise };
  }

  #for(): Statement {
    const names = this.#names();
    const [name = ''] = names;
    if (this.#accept('=')) {
      const [from, to, step = null] = this.#expressions();
      if (from === undefined || to === undefined) this.#fail();
      this.#expect('do');
      return { type: 'count', name, from, to, step, body: this.#closedBlock() };
    }
    this.#expect('in');
    const values = this.#expressions();
    this.#expect('do');
    return { type: 'each', names, values, body: this.#closedBlock() };
  }

  #callOrAssign(): Statement {
    const first = this.#suffixed();
    if (first.type === 'call' && !this.#is('=') && !this.#is(',')) return { type: 'call', call: first };
    const targets = [first];
    while (this.#accept(',')) targets.push(this.#suffixed());
    this.#expect('=');
    return { type: 'assign', targets, values: this.#expressions() };
  }

  #names(): string[] {
    const names = [this.#name()];
    while (this.#accept(',')) names.push(this.#name());
    return names;
  }

  #expressions(): Expression[] {
    const expressions = [this.#expression()];
    while (this.#accept(',')) expressions.push(this.#expression());
    return expressions;
  }

  #expression(least = 0): Expression {
    let left = this.#unary();
    for (;;) {
      const operator = this.#token.text;
      const power = this.#is(operator) && Object.hasOwn(BINARY, operator) ? BINARY[operator] : undefined;
      if (power === undefined || power[0] <= least) return left;
      this.#at += 1;
      left = { type: 'binary', operator, left, right: this.#expression(power[1]) };
    }
  }

  #unary(): Expression {
    for (const operator of ['not', '-', '#']) {
      if (this.#accept(operator)) return { type: 'unary', operator, operand: this.#expression(UNARY_POWER) };
    }
    return this.#simple();
  }

  #simple(): Expression {
    const { kind, text } = this.#token;
    if (kind === 'number' || kind === 'string') {
      this.#at += 1;
      return { type: 'constant', value: kind === 'number' ? Number(text) : text };
    }
    if (this.#accept('nil')) return { type: 'constant', value: undefined };
    if (this.#accept('true')) return { type: 'constant', value: true };
    if (this.#accept('false')) return { type: 'constant', value: false };
    if (this.#accept('function')) return this.#function();
    return this.#is('{') ? this.#table() : this.#suffixed();
  }

  #function(): Expression {
    this.#expect('(');
    const parameters = this.#is(')') ? [] : this.#names();
    this.#expect(')');
    return { type: 'function', parameters, body: this.#closedBlock() };
  }

  #table(): Expression {
    const fields: Field[] = [];
    this.#expect('{');
    while (!this.#is('}')) {
      fields.push(this.#field());
      if (!this.#accept(',') && !this.#accept(';')) break;
    }
    this.#expect('}');
    return { type: 'table', fields };
  }

  #field(): Field {
    if (this.#accept('[')) {
      const key = this.#expression();
      this.#expect(']');
      this.#expect('=');
      return { key, value: this.#expression() };
    }
    const next = this.#tokens[this.#at + 1];
    if (this.#token.kind !== 'name' || next?.kind !== 'symbol' || next.text !== '=') {
      return { key: null, value: this.#expression() };
    }
    const key: Expression = { type: 'constant', value: this.#name() };
    this.#expect('=');
    return { key, value: this.#expression() };
  }

  #suffixed(): Expression {
    let expression = this.#primary();
    for (;;) {
      if (this.#accept('.')) {
        expression = { type: 'index', object: expression, key: { type: 'constant', value: this.#name() } };
      } else if (this.#accept('[')) {
        expression = { type: 'index', object: expression, key: this.#expression() };
        this.#expect(']');
      } else if (this.#accept('(')) {
        const args = this.#is(')') ? [] : this.#expressions();
        this.#expect(')');
        expression = { type: 'call', callee: expression, args };
      } else return expression;
    }
  }

  #primary(): Expression {
    if (!this.#accept('(')) return { type: 'name', name: this.#name() };
    const inner = this.#expression();
    this.#expect(')');
    // Brackets cut a call down to its first value; an `or` with itself would do the same, `and` is never printed.
    return inner.type === 'call' ? { type: 'unary', operator: 'first', operand: inner } : inner;
  }
}
