/**
 * The mark in a pong. Null for a pong that carries none: RFC 6455, section 5.5.3, allows unsolicited pongs, and browsers
 * and proxies send them as heartbeats with payloads of their own. Digits are ours.
 */
export function parseMark(payload: Buffer): number | null {
  if (payload.length === 0 || payload.length > 15) return null;
  let mark = 0;
  for (const byte of payload) {
    if (byte < 48 || byte > 57) return null;
    mark = mark * 10 + byte - 48;
  }
  return mark;
}
