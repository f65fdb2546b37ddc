import { createHash } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';
import type { RedisReply } from './connection.ts';
import { ScriptQueue } from './script-queue.ts';
import { scriptText } from './script-text.ts';

/** Runs one atomic step of `lua/`; rejects with the client's own error. */
export type RunScript = (
  name: string,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<RedisReply>;

interface Script {
  readonly text: string;
  readonly hash: string;
}

/** By name. Texts never change: each is put together once, however many clients a process has. */
const known = new Map<string, Script>();

/**
 * The steps of one client, sent by their hashes. Every connection brings the texts of those used so far when it becomes
 * ready, and the text of another before its first use: by SCRIPT LOAD, since Redis 7.4 drops scripts that only EVAL brought
 * once there are many. Where Redis forgets them nevertheless, the steps keep their order (`ScriptQueue`).
 */
export function createScripts(client: RedisClient): RunScript {
  const used = new Set<Script>();
  const use = (name: string): Script => {
    const script = scriptOf(name);
    if (used.has(script)) return script;
    used.add(script);
    loadEverywhere(client, script.text);
    return script;
  };
  const send = (how: 'EVAL' | 'EVALSHA', script: string, keys: readonly string[], args: readonly (string | number)[]) =>
    client.call(how, script, keys.length, ...keys, ...args) as Promise<RedisReply>;
  const queue = new ScriptQueue({
    byHash: ({ name, keys, args }) => send('EVALSHA', use(name).hash, keys, args),
    byText: ({ name, keys, args }) => send('EVAL', use(name).text, keys, args),
    onForgotten: (name) => loadEverywhere(client, use(name).text),
  });
  onReady(client, (node) => {
    for (const { text } of used) load(node, text);
  });
  return (name, keys, args) => queue.run({ name, keys, args });
}

function scriptOf(name: string): Script {
  let script = known.get(name);
  if (script === undefined) {
    const text = scriptText(name);
    script = { text, hash: createHash('sha1').update(text).digest('hex') };
    known.set(name, script);
  }
  return script;
}

function onReady(client: RedisClient, run: (node: Redis) => void): void {
  const watch = (node: Redis): void => void node.on('ready', () => run(node));
  if (!(client instanceof Cluster)) {
    watch(client);
    return;
  }
  // Replicas too: one that is promoted keeps its connections.
  client.nodes('all').forEach(watch);
  client.on('+node', watch);
}

function loadEverywhere(client: RedisClient, text: string): void {
  for (const node of client instanceof Cluster ? client.nodes('all') : [client]) {
    if (node.status === 'ready') load(node, text);
  }
}

function load(node: Redis, text: string): void {
  // Where it fails, the step is refused as unknown and sent with its text.
  node.call('SCRIPT', 'LOAD', text).catch(() => {});
}
