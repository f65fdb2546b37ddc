import { createHash } from 'node:crypto';
import { compileScript, type Script } from '../lua/compile.ts';
import { LuaTable, type LuaValue } from '../lua/table.ts';
import { BASIC_COMMANDS } from './basic-commands.ts';
import { COLLECTION_COMMANDS } from './collection-commands.ts';
import type { Command, Commands, Reply } from './command.ts';
import { Keyspace, RedisError } from './keyspace.ts';
import { SORTED_SET_COMMANDS } from './sorted-set-commands.ts';
import { STREAM_COMMANDS } from './stream-commands.ts';

/** What a Redis needs. */
export interface RedisServerDeps {
  /** Milliseconds since 1970; fractions count as microseconds. */
  readonly wallMs: () => number;
  /** Tells the subscribers of a channel; returns how many there are. */
  readonly publish: (channel: string, text: string) => number;
  /** Of a life of the server: 40 hexadecimal digits, another one each time. */
  readonly newReplicationId: () => string;
  /** Hears of each entry of a stream. */
  readonly onEvent?: (args: readonly string[]) => void;
}

const COMMANDS: Commands = { ...BASIC_COMMANDS, ...COLLECTION_COMMANDS, ...SORTED_SET_COMMANDS, ...STREAM_COMMANDS };

/** Scripts compiled once for all servers of a process. */
const compiled = new Map<string, Script>();

/** A Redis in memory: the commands that Flotilla uses, and its very scripts. Texts hold one byte a character. */
export class RedisServer {
  readonly keys: Keyspace;
  readonly #deps: RedisServerDeps;
  readonly #redis: LuaValue;
  #scripts = new Map<string, Script>();
  #replicationId: string;

  constructor(deps: RedisServerDeps) {
    this.#deps = deps;
    this.keys = new Keyspace(deps.wallMs);
    this.#replicationId = deps.newReplicationId();
    this.#redis = { call: (name: string, ...args: LuaValue[]) => toLua(this.#command(name, args.map(textOf))) };
  }

  /** @throws {RedisError} what the server answers with an error; Error for a fault of a script */
  execute(name: string, args: readonly string[]): Reply {
    switch (name) {
      case 'EVAL':
        return this.#run(this.#load(args[0] ?? ''), args);
      case 'EVALSHA': {
        const script = this.#scripts.get(args[0] ?? '');
        if (script === undefined) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.');
        return this.#run(script, args);
      }
      case 'SCRIPT':
        this.#load(args[1] ?? '');
        return hashOf(args[1] ?? '');
      default:
        return this.#command(name, args);
    }
  }

  /** Another life of the server: scripts are forgotten, the replication id is another one, the data stays. */
  beginLife(): void {
    this.#scripts = new Map();
    this.#replicationId = this.#deps.newReplicationId();
  }

  #command(name: string, args: readonly string[]): Reply {
    if (name === 'PUBLISH') return this.#deps.publish(args[0] ?? '', args[1] ?? '');
    if (name === 'INFO') return this.#info(args[0] ?? '');
    const command: Command | undefined = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new RedisError(`ERR unknown command '${name}'`);
    if (name === 'XADD') this.#deps.onEvent?.(args);
    return command(this.keys, args);
  }

  #info(section: string): string {
    const lines: Readonly<Record<string, string>> = {
      server: 'redis_version:7.0.15',
      memory: 'maxmemory:0\r\nmaxmemory_policy:noeviction',
      persistence: 'aof_enabled:1',
      replication: `role:master\r\nmaster_replid:${this.#replicationId}`,
    };
    return `# ${section}\r\n${lines[section] ?? ''}\r\n`;
  }

  #load(text: string): Script {
    const hash = hashOf(text);
    let script = compiled.get(hash);
    if (script === undefined) compiled.set(hash, (script = compileScript(text)));
    this.#scripts.set(hash, script);
    return script;
  }

  #run(script: Script, [, count, ...rest]: readonly string[]): Reply {
    const keys = Number(count);
    try {
      return fromLua(script(rest.slice(0, keys), rest.slice(keys), this.#redis));
    } catch (cause) {
      if (cause instanceof RedisError) throw cause;
      throw new RedisError(`ERR ${cause instanceof Error ? cause.message : String(cause)}, in a script`, { cause });
    }
  }
}

const hashes = new Map<string, string>();

function hashOf(text: string): string {
  let hash = hashes.get(text);
  if (hash === undefined) hashes.set(text, (hash = createHash('sha1').update(text, 'latin1').digest('hex')));
  return hash;
}

/** Numbers become texts as Redis' `redis.call` writes them: 17 digits, whole ones without an exponent. */
function textOf(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new RedisError('ERR Lua redis lib command arguments must be strings or integers');
}

function toLua(reply: Reply): LuaValue {
  if (reply === null) return false;
  return typeof reply === 'object' ? new LuaTable(reply.map(toLua)) : reply;
}

/** A list ends at its first nil; numbers lose their fractions. */
function fromLua(value: LuaValue): Reply {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Math.trunc(value);
  if (value === true) return 1;
  if (!(value instanceof LuaTable)) return null;
  const end = value.list.indexOf(undefined);
  return (end < 0 ? value.list : value.list.slice(0, end)).map(fromLua);
}
