import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { luaSource } from '../lua-source.ts';
import { scriptText } from './script-text.ts';

const names = readdirSync(new URL('../lua/', import.meta.url))
  .filter((file) => file.endsWith('.lua'))
  .map((file) => file.slice(0, -4));
const steps = names.filter((name) => !name.startsWith('include-'));

describe('the scripts', () => {
  it('each say their keys, arguments and answer before anything else', () => {
    const header = /^-- .*\n(?:--.*\n)*?-- KEYS .*\n(?:--.*\n)*?-- ARGV .*\n(?:--.*\n)*?-- Returns /;
    const without = steps.filter((name) => !header.test(luaSource(name)) && !/^-- KEYS/m.test(luaSource(name)));
    expect(without).toEqual([]);
    expect(steps.filter((name) => !/^-- Returns /m.test(luaSource(name)))).toEqual([]);
  });

  it('get their parts put in once, parts of parts included', () => {
    for (const name of steps) expect(scriptText(name)).not.toContain('@include');
    const text = scriptText('connect');
    expect(text.match(/local function parse_generations/g)).toHaveLength(1);
    expect(text.match(/local function now_ms/g)).toHaveLength(1);
  });

  it('use no part that is not there, and leave none unused', () => {
    const parts = names.filter((name) => name.startsWith('include-'));
    const included = new Set(
      names.flatMap((name) => [...luaSource(name).matchAll(/^-- @include ([a-z-]+)$/gm)].map(([, part]) => part)),
    );
    expect([...included].sort()).toEqual(parts.sort());
  });

  it('that do not exist are a fault', () => {
    expect(() => scriptText('no-such-step')).toThrow();
  });
});
