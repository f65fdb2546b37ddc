import type { ConversationId } from '../model/conversation-id.ts';

/** A sign is worth so long: a little more than the time to the next one. */
export const TYPING_SHOWN_MS = 6_000;

/** Who is writing where. No clock of its own: time is an argument, in milliseconds. */
export class TypingSigns {
  readonly #shownMs: number;
  readonly #until = new Map<ConversationId, Map<string, number>>();

  /** @param shownMs - how long a sign is worth something */
  constructor(shownMs = TYPING_SHOWN_MS) {
    this.#shownMs = shownMs;
  }

  heard(id: ConversationId, name: string, nowMs: number): void {
    const signs = this.#until.get(id) ?? new Map<string, number>();
    this.#until.set(id, signs.set(name, nowMs + this.#shownMs));
  }

  /** What they wrote is here. */
  ended(id: ConversationId, name: string): void {
    this.#until.get(id)?.delete(name);
  }

  /** By name; what is over is forgotten. */
  in(id: ConversationId, nowMs: number): string[] {
    const signs = this.#until.get(id);
    if (signs === undefined) return [];
    for (const [name, untilMs] of signs) if (untilMs <= nowMs) signs.delete(name);
    return [...signs.keys()].sort((a, b) => a.localeCompare(b));
  }
}

/** The sign as a sentence; empty when nobody writes. */
export function typingWords(names: readonly string[]): string {
  const [first, second] = names;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is typing …`;
  return names.length === 2 ? `${first} and ${second} are typing …` : `${names.length} people are typing …`;
}
