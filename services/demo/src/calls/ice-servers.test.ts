import { expect, it } from '@jest/globals';
import { parseIceServers } from './ice-servers.ts';

const TURN = {
  urls: ['turn:turn.example.org', 'turns:turn.example.org:5349?transport=tcp'],
  username: 'a',
  credential: 'b',
};

it('takes servers as browsers take them', () => {
  const servers = [{ urls: 'stun:stun.example.org:3478' }, TURN];
  expect(parseIceServers(servers)).toEqual(servers);
  expect(parseIceServers([])).toEqual([]);
});

it.each([
  ['no list', 'stun:stun.example.org', 'must be a JSON list'],
  ['an address alone', ['stun:stun.example.org'], 'server 1: it must be an object'],
  ['no address', [{ urls: [] }], 'server 1: "urls"'],
  ['a page', [TURN, { urls: 'https://example.org' }], 'server 2: "urls"'],
  ['a relay without a credential', [{ urls: 'turn:turn.example.org', username: 'a' }], 'turn: needs'],
  ['a misspelt part', [{ ...TURN, password: 'c' }], 'only "urls"'],
  ['a credential that is no text', [{ ...TURN, credential: { secret: 1 } }], 'must be texts'],
])('says what is wrong with %s', (_, value, sentence) => {
  expect(() => parseIceServers(value)).toThrow(sentence);
});

it('never repeats a credential', () => {
  const text = JSON.stringify({
    message: faultOf([{ urls: 'turn: nowhere', username: 'a', credential: 'hush-hush' }]),
  });
  expect(text).toContain('urls');
  expect(text).not.toContain('hush');
});

function faultOf(value: unknown): string {
  try {
    parseIceServers(value);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
