import { emitChunk } from './emit.ts';
import { LIBRARIES } from './libraries.ts';
import { parseLua } from './parse.ts';
import { runtime } from './runtime.ts';
import { LuaTable, type LuaValue } from './table.ts';

/** Runs a script once. */
export type Script = (keys: readonly string[], args: readonly string[], redis: LuaValue) => LuaValue;

type Compiled = (R: typeof runtime, G: Readonly<Record<string, LuaValue>>) => LuaValue;

/**
 * Makes a function of a script's text. Its Lua is translated to JavaScript and not interpreted, since a schedule runs some
 * thousand scripts and thousands of schedules are to take seconds.
 *
 * @throws SyntaxError for what is no Lua, or not of the part that is known here
 */
export function compileScript(text: string): Script {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is this project's own
  const compiled = new Function('R', 'G', emitChunk(parseLua(text))) as Compiled;
  return (keys, args, redis) => {
    const globals = { ...LIBRARIES, redis, KEYS: new LuaTable([...keys]), ARGV: new LuaTable([...args]) };
    return runtime.one(compiled(runtime, globals));
  };
}
