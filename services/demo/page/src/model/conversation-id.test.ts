import { expect, it } from '@jest/globals';
import { type ConversationId, fragmentOf, parseFragment } from './conversation-id.ts';

it.each<ConversationId>(['#Harbour', '@Bob', '#..', '@a/b?c#d', '##', '@😀 <b>"', '@%2e%2e'])(
  '%s can stand in an address',
  (id) => expect(parseFragment(fragmentOf(id))).toBe(id),
);

it.each(['', '#', '#channel/', '#other/Bob', '#person/%zz', 'person/Bob'])('%j is no conversation', (fragment) => {
  expect(parseFragment(fragment)).toBeNull();
});
