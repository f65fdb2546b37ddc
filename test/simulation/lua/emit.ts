import type { Block, Expression, Statement } from './syntax.ts';

/** JavaScript for a parsed script. It finds the runtime as `R` and Lua's globals as `G`, and returns what the script does. */
export function emitChunk(block: Block): string {
  return new Emitter().chunk(block);
}

const ARITHMETIC = new Set(['+', '-', '*', '/']);
const COMPARISONS: Readonly<Record<string, string>> = { '<': 'lt', '<=': 'le', '>': 'lt', '>=': 'le' };

/** Names in sight, by their Lua name; inner scopes begin as a copy. */
type Scope = ReadonlyMap<string, string>;

class Emitter {
  #last = 0;
  #temporaries: string[] = [];

  chunk(block: Block): string {
    return `"use strict";\n${this.#functionBody(block, new Map())}`;
  }

  #fresh(name: string): string {
    this.#last += 1;
    return `${name}_${this.#last}`;
  }

  #temporary(): string {
    const name = this.#fresh('t');
    this.#temporaries.push(name);
    return name;
  }

  #functionBody(block: Block, scope: Scope): string {
    const outer = this.#temporaries;
    this.#temporaries = [];
    const body = this.#block(block, scope);
    const declared = this.#temporaries.length > 0 ? `let ${this.#temporaries.join(', ')};\n` : '';
    this.#temporaries = outer;
    return declared + body;
  }

  #block(block: Block, outer: Scope): string {
    let scope = outer;
    const lines: string[] = [];
    for (const statement of block) {
      const { code, after } = this.#statement(statement, scope);
      lines.push(code);
      scope = after;
    }
    return lines.join('\n');
  }

  #statement(statement: Statement, scope: Scope): { readonly code: string; readonly after: Scope } {
    switch (statement.type) {
      case 'local':
        return this.#local(statement.names, statement.values, scope);
      case 'local function': {
        const name = this.#fresh(statement.name);
        const after = new Map(scope).set(statement.name, name);
        return { code: `const ${name} = ${this.#value(statement.value, after)};`, after };
      }
      default:
        return { code: this.#plain(statement, scope), after: scope };
    }
  }

  #plain(statement: Exclude<Statement, { type: 'local' | 'local function' }>, scope: Scope): string {
    switch (statement.type) {
      case 'assign':
        return this.#assign(statement.targets, statement.values, scope);
      case 'call':
        return `${this.#multiple(statement.call, scope)};`;
      case 'if':
        return this.#if(statement, scope);
      case 'while':
        return `while (${this.#condition(statement.when, scope)}) {\n${this.#block(statement.body, scope)}\n}`;
      case 'count':
        return this.#count(statement, scope);
      case 'each':
        return this.#each(statement, scope);
      case 'do':
        return `{\n${this.#block(statement.body, scope)}\n}`;
      case 'return':
        return `return ${this.#returned(statement.values, scope)};`;
      case 'break':
        return 'break;';
    }
  }

  #local(names: readonly string[], values: readonly Expression[], scope: Scope): { code: string; after: Scope } {
    const after = new Map(scope);
    const fresh = names.map((name) => this.#fresh(name));
    names.forEach((name, i) => after.set(name, fresh[i] ?? ''));
    if (!this.#isSpread(names.length, values)) {
      const code = fresh.map((name, i) => {
        const value = values[i];
        return value === undefined ? name : `${name} = ${this.#value(value, scope)}`;
      });
      return { code: `let ${code.join(', ')};`, after };
    }
    return { code: `let [${fresh.join(', ')}] = ${this.#list(values, scope)};`, after };
  }

  #isSpread(wanted: number, values: readonly Expression[]): boolean {
    return values.length > wanted || (values.length < wanted && values.at(-1)?.type === 'call');
  }

  #assign(targets: readonly Expression[], values: readonly Expression[], scope: Scope): string {
    const [target] = targets;
    const [value] = values;
    if (targets.length === 1 && values.length === 1 && target !== undefined && value !== undefined) {
      return this.#store(target, this.#value(value, scope), scope);
    }
    const all = this.#fresh('all');
    const stores = targets.map((one, i) => this.#store(one, `${all}[${i}]`, scope));
    return `{ const ${all} = ${this.#list(values, scope)}; ${stores.join(' ')} }`;
  }

  #store(target: Expression, value: string, scope: Scope): string {
    if (target.type === 'index') {
      return `R.set(${this.#value(target.object, scope)}, ${this.#value(target.key, scope)}, ${value});`;
    }
    const name = target.type === 'name' ? scope.get(target.name) : undefined;
    if (name === undefined) throw new SyntaxError('scripts assign to locals and fields only');
    return `${name} = ${value};`;
  }

  #if({ arms, otherwise }: Extract<Statement, { type: 'if' }>, scope: Scope): string {
    const code = arms.map(({ when, then }) => `if (${this.#condition(when, scope)}) {\n${this.#block(then, scope)}\n}`);
    return code.join(' else ') + (otherwise === null ? '' : ` else {\n${this.#block(otherwise, scope)}\n}`);
  }

  #count({ name, from, to, step, body }: Extract<Statement, { type: 'count' }>, scope: Scope): string {
    const [at, last, by] = [this.#fresh('at'), this.#fresh('last'), this.#fresh('by')];
    const inner = this.#fresh(name);
    const start = `let ${at} = ${this.#number(from, scope)}, ${last} = ${this.#number(to, scope)}`;
    const whole = `${start}, ${by} = ${step === null ? '1' : this.#number(step, scope)}`;
    const block = this.#block(body, new Map(scope).set(name, inner));
    return `for (${whole}; ${by} > 0 ? ${at} <= ${last} : ${at} >= ${last}; ${at} += ${by}) {\nlet ${inner} = ${at};\n${block}\n}`;
  }

  #each({ names, values, body }: Extract<Statement, { type: 'each' }>, scope: Scope): string {
    const inner = new Map(scope);
    const fresh = names.map((name) => this.#fresh(name));
    names.forEach((name, i) => inner.set(name, fresh[i] ?? ''));
    return `for (let [${fresh.join(', ')}] of R.each(${this.#list(values, scope)}[0])) {\n${this.#block(body, inner)}\n}`;
  }

  #returned(values: readonly Expression[], scope: Scope): string {
    const [only] = values;
    if (values.length === 0) return 'undefined';
    if (values.length === 1 && only !== undefined) return this.#multiple(only, scope);
    return `new R.Multiple(${this.#list(values, scope)})`;
  }

  /** A JavaScript array of all values, the last call's spread out. */
  #list(values: readonly Expression[], scope: Scope): string {
    return `[${this.#args(values, scope)}]`;
  }

  #args(values: readonly Expression[], scope: Scope): string {
    const written = values.map((value, i) =>
      i === values.length - 1 && value.type === 'call'
        ? `...R.all(${this.#multiple(value, scope)})`
        : this.#value(value, scope),
    );
    return written.join(', ');
  }

  /** An expression with all the values it may have. */
  #multiple(expression: Expression, scope: Scope): string {
    if (expression.type !== 'call') return this.#value(expression, scope);
    return `${this.#callee(expression.callee, scope)}(${this.#args(expression.args, scope)})`;
  }

  #callee(expression: Expression, scope: Scope): string {
    return expression.type === 'function' ? `(${this.#value(expression, scope)})` : this.#value(expression, scope);
  }

  /** An expression as one value. */
  #value(expression: Expression, scope: Scope): string {
    switch (expression.type) {
      case 'constant':
        return expression.value === undefined ? 'undefined' : JSON.stringify(expression.value);
      case 'name':
        return scope.get(expression.name) ?? `R.global(G, ${JSON.stringify(expression.name)})`;
      case 'index':
        return this.#index(expression, scope);
      case 'call':
        return `R.one(${this.#multiple(expression, scope)})`;
      case 'function':
        return this.#function(expression, scope);
      case 'unary':
        return this.#unary(expression, scope);
      case 'binary':
        return this.#binary(expression, scope);
      case 'table':
        return this.#table(expression, scope);
    }
  }

  #index({ object, key }: Extract<Expression, { type: 'index' }>, scope: Scope): string {
    const isLibrary = object.type === 'name' && !scope.has(object.name) && key.type === 'constant';
    if (isLibrary && object.name !== 'KEYS' && object.name !== 'ARGV') return `G.${object.name}.${String(key.value)}`;
    return `R.get(${this.#value(object, scope)}, ${this.#value(key, scope)})`;
  }

  #function({ parameters, body }: Extract<Expression, { type: 'function' }>, scope: Scope): string {
    const inner = new Map(scope);
    const fresh = parameters.map((name) => this.#fresh(name));
    parameters.forEach((name, i) => inner.set(name, fresh[i] ?? ''));
    return `function (${fresh.join(', ')}) {\n${this.#functionBody(body, inner)}\n}`;
  }

  #unary({ operator, operand }: Extract<Expression, { type: 'unary' }>, scope: Scope): string {
    if (operator === 'not') return `!(${this.#condition(operand, scope)})`;
    if (operator === '-') return `(-${this.#number(operand, scope)})`;
    return operator === '#' ? `R.length(${this.#value(operand, scope)})` : this.#value(operand, scope);
  }

  #binary(expression: Extract<Expression, { type: 'binary' }>, scope: Scope): string {
    const { operator, left, right } = expression;
    if (operator === 'and' || operator === 'or') {
      const kept = this.#temporary();
      const isTrue = `(${kept} = ${this.#value(left, scope)}) !== undefined && ${kept} !== false`;
      const other = this.#value(right, scope);
      return operator === 'and' ? `(${isTrue} ? ${other} : ${kept})` : `(${isTrue} ? ${kept} : ${other})`;
    }
    if (operator === '..') return `(${this.#text(left, scope)} + ${this.#text(right, scope)})`;
    if (ARITHMETIC.has(operator)) return `(${this.#number(left, scope)} ${operator} ${this.#number(right, scope)})`;
    if (operator === '%') return `R.modulo(${this.#number(left, scope)}, ${this.#number(right, scope)})`;
    if (operator === '==') return `(${this.#value(left, scope)} === ${this.#value(right, scope)})`;
    if (operator === '~=') return `(${this.#value(left, scope)} !== ${this.#value(right, scope)})`;
    const [a, b] = operator.startsWith('>') ? [right, left] : [left, right];
    return `R.${COMPARISONS[operator] ?? ''}(${this.#value(a, scope)}, ${this.#value(b, scope)})`;
  }

  #condition(expression: Expression, scope: Scope): string {
    if (expression.type === 'unary' && expression.operator === 'not') {
      return `!(${this.#condition(expression.operand, scope)})`;
    }
    if (expression.type === 'binary') {
      const { operator, left, right } = expression;
      if (operator === 'and') return `(${this.#condition(left, scope)} && ${this.#condition(right, scope)})`;
      if (operator === 'or') return `(${this.#condition(left, scope)} || ${this.#condition(right, scope)})`;
      if (operator === '==' || operator === '~=' || Object.hasOwn(COMPARISONS, operator)) {
        return this.#binary(expression, scope);
      }
    }
    return `R.isTrue(${this.#value(expression, scope)})`;
  }

  #number(expression: Expression, scope: Scope): string {
    const isNumber = expression.type === 'constant' && typeof expression.value === 'number';
    return isNumber ? String(expression.value) : `R.number(${this.#value(expression, scope)})`;
  }

  #text(expression: Expression, scope: Scope): string {
    const isText = expression.type === 'constant' && typeof expression.value === 'string';
    return isText ? JSON.stringify(expression.value) : `R.text(${this.#value(expression, scope)})`;
  }

  #table({ fields }: Extract<Expression, { type: 'table' }>, scope: Scope): string {
    const list = fields.flatMap(({ key, value }) => (key === null ? [value] : []));
    const named = fields.flatMap(({ key, value }) =>
      key === null ? [] : [`[${this.#value(key, scope)}, ${this.#value(value, scope)}]`],
    );
    return `R.table(${this.#list(list, scope)}, [${named.join(', ')}])`;
  }
}
