import type { RedisClient } from './client.ts';
import type { RedisReply } from './connection.ts';
import { scriptText } from './script-text.ts';

/** Runs one atomic step of `lua/`; rejects with the client's own error. */
export type RunScript = (
  name: string,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<RedisReply>;

type ScriptCall = (keyCount: number, ...keysAndArgs: readonly (string | number)[]) => Promise<RedisReply>;

/**
 * The steps of one client. The client sends a script's text the first time on each connection and its hash from then on,
 * and the text again where Redis has forgotten it (a restart, SCRIPT FLUSH): so two steps of the same kind never overtake
 * each other, as they could if one had to be repeated with its text.
 */
export function createScripts(client: RedisClient): RunScript {
  const calls = new Map<string, ScriptCall>();
  const define = (name: string): ScriptCall => {
    const method = `flotilla:${name}`;
    client.defineCommand(method, { lua: scriptText(name) });
    const call = (client as unknown as Record<string, ScriptCall>)[method];
    if (call === undefined) throw new Error(`the client did not take the script ${name}`);
    const bound = call.bind(client);
    calls.set(name, bound);
    return bound;
  };
  return (name, keys, args) => (calls.get(name) ?? define(name))(keys.length, ...keys, ...args);
}
