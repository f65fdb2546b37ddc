/** A key that no other message has: 16 random bytes. Not `randomUUID`, which a page from a plain `http:` address lacks. */
export function createKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
