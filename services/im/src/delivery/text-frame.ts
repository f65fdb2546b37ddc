/** First byte of an unfragmented text frame (RFC 6455, section 5.2). */
const FINAL_TEXT = 0x81;
/** First byte of a ping (RFC 6455, section 5.5.2). */
const FINAL_PING = 0x89;

/**
 * A WebSocket text frame as a server writes it: whole, not masked, not compressed (RFC 6455, section 5.2).
 *
 * @param text - well formed; lone surrogates would be written as U+FFFD
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FINAL_TEXT;
  if (length < 126) {
    frame[1] = length;
  } else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    // 32 bits are 4 GiB, more than a string can hold.
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame.write(text, headerLength);
  return frame;
}

/**
 * A WebSocket ping as a server writes it.
 *
 * @param payload - ASCII, at most 125 bytes
 */
export function pingFrame(payload: string): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  frame[0] = FINAL_PING;
  frame[1] = payload.length;
  frame.write(payload, 2, 'latin1');
  return frame;
}
