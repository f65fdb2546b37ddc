import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who a browser is, by a cookie that only this service can sign: what a page says in its form is not believed. */
export interface Session {
  /** The id of whoever asks; null when it has none yet. */
  idOf(request: IncomingMessage): string | null;
  /** Gives the browser an id for a week, as FreeIM has them: a whole number that JavaScript keeps exactly. */
  begin(response: ServerResponse): string;
}

/** @param secret - the same in every process of the service; without one, sessions end with the process */
export function createSession(secret = randomBytes(32).toString('base64url')): Session {
  const signed = (id: string): string => `${id}.${createHmac('sha256', secret).update(id).digest('base64url')}`;
  return {
    idOf({ headers: { cookie = '' } }) {
      const [, value = '', id = ''] = /(?:^|; )websocketId=((\d+)\.[^;]*)/.exec(cookie) ?? [];
      const [given, right] = [Buffer.from(value), Buffer.from(signed(id))];
      return given.length === right.length && timingSafeEqual(given, right) ? id : null;
    },
    begin(response) {
      const id = String(randomInt(1, 2 ** 48 - 1));
      response.setHeader(
        'set-cookie',
        `websocketId=${signed(id)}; Path=/ws; HttpOnly; SameSite=Strict; Max-Age=604800`,
      );
      return id;
    },
  };
}
