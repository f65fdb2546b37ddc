import { expect, it } from '@jest/globals';
import { Directory } from './directory.ts';

function setup() {
  const directory = new Directory();
  directory.setOnline(['Anna', 'Bob']);
  directory.setChannels([{ channel: 'Harbour', members: 2, isJoined: true }]);
  return directory;
}

it('people come and go as announced', () => {
  const directory = setup();
  directory.announce({ kind: 'presence', clientId: 'Bob', isOnline: false });
  directory.announce({ kind: 'presence', clientId: 'constructor', isOnline: true });
  expect(directory.online).toEqual(['Anna', 'constructor']);
});

it("a channel's count is the announced one; joining stays one's own", () => {
  const directory = setup();
  directory.announce({ kind: 'channel', channel: 'Harbour', members: 7 });
  directory.announce({ kind: 'channel', channel: 'Cabin', members: 1 });
  expect(directory.channels).toEqual([
    { channel: 'Cabin', members: 1, isJoined: false },
    { channel: 'Harbour', members: 7, isJoined: true },
  ]);
});

it('a channel goes with its last member', () => {
  const directory = setup();
  directory.setJoined('Harbour', false);
  directory.announce({ kind: 'channel', channel: 'Harbour', members: 0 });
  expect(directory.channels).toEqual([]);
});
