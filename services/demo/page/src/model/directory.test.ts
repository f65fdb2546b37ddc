import { expect, it } from '@jest/globals';
import { Directory } from './directory.ts';

function setup() {
  const directory = new Directory();
  directory.setOnline(['Anna', 'Bob']);
  directory.setChannels([{ channel: 'Harbour', members: 2, isJoined: true, isMine: true }]);
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
    { channel: 'Cabin', members: 1, isJoined: false, isMine: false },
    { channel: 'Harbour', members: 7, isJoined: true, isMine: true },
  ]);
});

it('a channel goes with its last member', () => {
  const directory = setup();
  directory.setJoined('Harbour', false);
  directory.announce({ kind: 'channel', channel: 'Harbour', members: 0 });
  expect(directory.channels).toEqual([]);
});

it('who was put out is told by whom until they come again, and who left created nothing', () => {
  const directory = setup();
  directory.setPutOut('Harbour', 'Carol');
  directory.setJoined('Harbour', false);
  expect(directory.putOutBy('Harbour')).toBe('Carol');
  expect(directory.channel('Harbour')).toMatchObject({ isJoined: false, isMine: false });
  directory.setJoined('Harbour', true);
  expect(directory.putOutBy('Harbour')).toBeNull();
});

it('is known once both lists were here, and not by what was announced before', () => {
  const directory = new Directory();
  directory.announce({ kind: 'presence', clientId: 'Bob', isOnline: true });
  directory.setJoined('Harbour', true);
  directory.setOnline(['Bob']);
  expect(directory.isKnown).toBe(false);
  directory.setChannels([]);
  expect(directory.isKnown).toBe(true);
});
