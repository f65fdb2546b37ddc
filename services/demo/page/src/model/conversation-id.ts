/** A channel's conversation is `#name`, one with a person `@name`. */
export type ConversationId = `#${string}` | `@${string}`;

/** The channel of a conversation; null when it is one with a person. */
export function channelOf(id: ConversationId): string | null {
  return id.startsWith('#') ? id.slice(1) : null;
}

/** The other one; null when it is a channel. */
export function personOf(id: ConversationId): string | null {
  return id.startsWith('@') ? id.slice(1) : null;
}

/** The part of the page's address that stands for a conversation: it can be kept, and the browser's way back works. */
export function fragmentOf(id: ConversationId | null): string {
  if (id === null) return '#';
  return `#${id.startsWith('#') ? 'channel' : 'person'}/${encodeURIComponent(id.slice(1))}`;
}

/** The conversation of a fragment; null for any other text. */
export function parseFragment(fragment: string): ConversationId | null {
  const [, kind, encoded = ''] = /^#(channel|person)\/(.+)$/u.exec(fragment) ?? [];
  if (kind === undefined) return null;
  try {
    return `${kind === 'channel' ? '#' : '@'}${decodeURIComponent(encoded)}`;
  } catch {
    return null;
  }
}
