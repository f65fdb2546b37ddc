import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { parseClientState, parseConnectionEntry, parseMembershipMark } from './client-state.ts';

describe('a connection’s entry', () => {
  it('is read with whatever a device is called', () => {
    const entry = { connection: 'c', shard: 3, incarnation: 'life', since: 17 };
    expect(parseConnectionEntry('c', '3|life|17|a|b\nc')).toEqual({ ...entry, device: 'a|b\nc' });
    expect(parseConnectionEntry('c', '3|life|17|')).toEqual({ ...entry, device: null });
  });

  it('is nothing when it is in no form that this version knows', () => {
    expect(parseConnectionEntry('c', 'life')).toBeNull();
  });
});

describe('a membership’s mark', () => {
  it('tells state, operation and place', () => {
    const position = { generation: '111111111111', offset: 4 };
    expect(parseMembershipMark('c op 111111111111.4')).toEqual({
      state: 'c',
      operation: 'op',
      position,
      isAnew: false,
    });
    expect(parseMembershipMark('j op ')).toEqual({ state: 'j', operation: 'op', position: null, isAnew: false });
    expect(parseMembershipMark('')).toBeNull();
  });
});

describe('a client’s state', () => {
  it('is empty where nothing was written', () => {
    const nothing = { life: 'fefefefefefe', memberships: [], refusedUntilMs: 0, disconnects: [], grantsAtMs: 0 };
    expect(parseClientState(new Map(), new Map(), 'fefefefefefe')).toEqual(nothing);
  });

  it('holds memberships, revocation, disconnects and grants, and passes over the rest', () => {
    const memberships = new Map([
      ['news', 'c op 111111111111.4'],
      ['sport', 'j op '],
    ]);
    const control = new Map([
      ...Object.entries({ refused: '12', grants: '{"send":true}', granted: '13', meta: '{}', cause: '"x":1' }),
      ...Object.entries({ 'x:c1': '14 why not\nindeed', 'v:c2': '1' }),
    ]);
    expect(parseClientState(memberships, control, 'a1')).toEqual({
      life: 'a1',
      memberships: [
        { channel: 'news', joinedAt: { generation: '111111111111', offset: 4 }, isConfirmed: true },
        { channel: 'sport', joinedAt: LOG_START, isConfirmed: false },
      ],
      refusedUntilMs: 12,
      disconnects: [{ connection: 'c1', reason: 'why not\nindeed', atMs: 14 }],
      grants: { send: true },
      grantsAtMs: 13,
    });
  });
});
