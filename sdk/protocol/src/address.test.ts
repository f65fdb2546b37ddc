import { expect, test } from '@jest/globals';
import { socketIoAddress, webSocketUrl, withToken } from './address.ts';

test("a shard's address leads to its WebSocket and its Socket.IO endpoint", () => {
  expect(webSocketUrl('ws://127.0.0.1:8080/s/2')).toBe('ws://127.0.0.1:8080/s/2/ws');
  expect(socketIoAddress('wss://im.example/chat/s/2')).toEqual({
    url: 'https://im.example',
    path: '/chat/s/2/socket.io/',
  });
  expect(socketIoAddress('ws://[::1]:8080')).toEqual({ url: 'http://[::1]:8080', path: '/socket.io/' });
});

test.each(['http://im.example', 'wss://', 'im.example', 'wss://im.example/?a', ''])(
  '%j is no address of a shard',
  (base) => {
    expect(() => webSocketUrl(base)).toThrow(expect.objectContaining({ code: 'bad_map' }));
  },
);

test('a token is added to whatever query there is', () => {
  expect(withToken('ws://a/ws', 'a.b+c')).toBe('ws://a/ws?token=a.b%2Bc');
  expect(withToken('ws://a/ws?zone=1', 't')).toBe('ws://a/ws?zone=1&token=t');
});
