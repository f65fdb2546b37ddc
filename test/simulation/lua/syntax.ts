/** An expression of Lua. */
export type Expression =
  | { readonly type: 'constant'; readonly value: string | number | boolean | undefined }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'index'; readonly object: Expression; readonly key: Expression }
  | { readonly type: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly type: 'function'; readonly parameters: readonly string[]; readonly body: Block }
  | { readonly type: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'table'; readonly fields: readonly Field[] };

/** One field of a table; without a key the next of its list. */
export interface Field {
  readonly key: Expression | null;
  readonly value: Expression;
}

/** A statement of Lua. */
export type Statement =
  | { readonly type: 'local'; readonly names: readonly string[]; readonly values: readonly Expression[] }
  | { readonly type: 'local function'; readonly name: string; readonly value: Expression }
  | { readonly type: 'assign'; readonly targets: readonly Expression[]; readonly values: readonly Expression[] }
  | { readonly type: 'call'; readonly call: Expression }
  | {
      readonly type: 'if';
      readonly arms: readonly { readonly when: Expression; readonly then: Block }[];
      readonly otherwise: Block | null;
    }
  | { readonly type: 'while'; readonly when: Expression; readonly body: Block }
  | {
      readonly type: 'count';
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression | null;
      readonly body: Block;
    }
  | {
      readonly type: 'each';
      readonly names: readonly string[];
      readonly values: readonly Expression[];
      readonly body: Block;
    }
  | { readonly type: 'do'; readonly body: Block }
  | { readonly type: 'return'; readonly values: readonly Expression[] }
  | { readonly type: 'break' };

/** Statements with a scope of their own. */
export type Block = readonly Statement[];
