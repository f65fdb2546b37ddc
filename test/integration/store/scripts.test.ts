import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { scriptText } from '../../../sdk/store/src/redis/script-text.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();
const folder = new URL('../../../sdk/store/src/lua/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.lua$/, ''));
const scripts = names.filter((name) => !name.startsWith('include-'));

it('every script says what its keys, arguments and answer are', () => {
  for (const name of scripts) {
    const header = /^(?:--.*\n)+/.exec(readFileSync(new URL(`${name}.lua`, folder), 'utf8'))?.[0] ?? '';
    expect({ name, header }).toEqual({ name, header: expect.stringMatching(/^-- KEYS /m) });
    expect({ name, header }).toEqual({ name, header: expect.stringMatching(/^-- ARGV |^-- Returns /m) });
    expect({ name, header }).toEqual({ name, header: expect.stringMatching(/^-- Returns /m) });
  }
});

it('every script is one that Redis takes, with its parts put in', async () => {
  const redis = await fixture.redis();
  for (const name of scripts) {
    const text = scriptText(name);
    expect(text).not.toMatch(/^-- @include/m);
    expect(await redis.command('SCRIPT', 'LOAD', text)).toMatch(/^[0-9a-f]{40}$/);
  }
});
