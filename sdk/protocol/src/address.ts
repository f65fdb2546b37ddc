import { FlotillaError } from './errors.ts';

/** The WebSocket subprotocol of Flotilla's own clients. */
export const SUBPROTOCOL = 'flotilla.v1';

/** What a business service hands to a client: where to connect, once, soon. */
export interface ConnectAddress {
  /** Of the WebSocket endpoint, without the token, for example `wss://im.example/s/0/ws`. */
  readonly url: string;
  /** Single use. */
  readonly token: string;
  /** Milliseconds since 1970 until which the token can be spent. */
  readonly expiresAt: number;
  /** The shard it leads to. */
  readonly shard: number;
  /** The same for a Socket.IO client: `io(socketIo.url, { path: socketIo.path, auth: { token } })`. */
  readonly socketIo: SocketIoAddress;
}

/** Where a Socket.IO client connects. */
export interface SocketIoAddress {
  /** Origin, for example `https://im.example`. */
  readonly url: string;
  /** For example `/s/0/socket.io/`. */
  readonly path: string;
}

const BASE = /^(wss?):\/\/([^\s/?#]+)(\/[^\s?#]*)?$/;

function cutBase(base: string): { scheme: string; host: string; path: string } {
  const [, scheme, host, path = ''] = BASE.exec(base) ?? [];
  if (scheme === undefined || host === undefined) throw new FlotillaError('bad_map', `not a shard's address: ${base}`);
  return { scheme, host, path: path.slice(0, endOf(path)) };
}

/** Where the slashes at the end of a path begin; no pattern, since one would try each slash of a long row as the first. */
function endOf(path: string): number {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return end;
}

/**
 * The WebSocket endpoint of a shard, from its address in the map.
 *
 * @throws {FlotillaError} bad_map when the address is not ws or wss
 */
export function webSocketUrl(base: string): string {
  const { scheme, host, path } = cutBase(base);
  return `${scheme}://${host}${path}/ws`;
}

/**
 * The Socket.IO endpoint of a shard, from its address in the map.
 *
 * @throws {FlotillaError} bad_map when the address is not ws or wss
 */
export function socketIoAddress(base: string): SocketIoAddress {
  const { scheme, host, path } = cutBase(base);
  return { url: `${scheme === 'wss' ? 'https' : 'http'}://${host}`, path: `${path}/socket.io/` };
}

/** A WebSocket endpoint with its token, as one opens it. */
export function withToken(url: string, token: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}
