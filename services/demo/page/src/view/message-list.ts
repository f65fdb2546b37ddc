import type { ConversationId } from '../model/conversation-id.ts';
import type { ShownMessage } from '../model/message.ts';
import { arrange, make } from './dom.ts';
import { createItem, updateItem } from './message-item.ts';
import { dayOf, isSameDay } from './time.ts';

/** After a pause so long somebody is named again. */
const PAUSE_MS = 5 * 60_000;
/** So near to its end, in pixels, a list is at its end. */
const NEAR_END = 60;
/** So near to its beginning what is older is loaded. */
const NEAR_TOP = 200;

/** What a list needs to know of the conversation it shows. */
export interface ShownConversation {
  readonly id: ConversationId;
  readonly messages: readonly ShownMessage[];
  readonly me: string;
  readonly retry: (message: ShownMessage) => void;
  /** Loads what is older; null: there is nothing. */
  readonly loadOlder: (() => void) | null;
}

/** The messages of the conversation that is open. Keeps the elements of messages that are there already. */
export class MessageList {
  /** What scrolls, and is read out. */
  readonly #log: HTMLElement;
  readonly #list: HTMLElement;
  readonly #onEnd: (isAtEnd: boolean) => void;
  readonly #items = new Map<string, HTMLElement>();
  #shown: ShownConversation | null = null;
  /** What it began with when it was drawn. */
  #head = '';
  /** Measured when somebody scrolls: to measure at each message would lay the page out each time. */
  #isAtEnd = true;

  /** @param log - scrolls `list`; @param onEnd - called when the end comes into sight or goes out of it */
  constructor(log: HTMLElement, list: HTMLElement, onEnd: (isAtEnd: boolean) => void) {
    this.#log = log;
    this.#list = list;
    this.#onEnd = onEnd;
    const measure = (): void => {
      const { scrollHeight, scrollTop, clientHeight } = log;
      this.#setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END);
      if (scrollTop < NEAR_TOP) this.#shown?.loadOlder?.();
    };
    log.addEventListener('scroll', measure, { passive: true });
    // A phone's keyboard takes half of the page: what was in sight stays so.
    new ResizeObserver(() => this.#isAtEnd && this.scrollToEnd()).observe(log);
  }

  /** Whether the last message can be seen. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  scrollToEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Shows a conversation; stays at the end where it was there, or where the last word is one's own that is just being sent. */
  draw(conversation: ShownConversation | null): void {
    const isOther = this.#shown?.id !== conversation?.id;
    if (isOther) this.#items.clear();
    this.#shown = conversation;
    const last = conversation?.messages.at(-1);
    const isFollowed = isOther || this.#isAtEnd || (last?.state === 'sending' && !this.#items.has(identityOf(last)));
    const head = headOf(conversation);
    // What is older has come, or there is no more of it.
    const isOtherHead = !isOther && head !== this.#head;
    this.#head = head;
    // Neither a conversation that was just opened nor what is older is read out from its beginning.
    this.#log.ariaBusy = String(isOther || isOtherHead);
    const change = (): void => arrange(this.#list, conversation ? this.#elements(conversation) : []);
    if (isOtherHead) this.#keepInSight(change);
    else change();
    if (isOther) this.#setAtEnd(true);
    if (isFollowed) this.scrollToEnd();
  }

  /**
   * What is put before the first message does not move what is below it; not every browser sees to that. Its lower edge
   * counts: it may lose its name to one before it.
   */
  #keepInSight(change: () => void): void {
    const first = this.#list.querySelector<HTMLElement>('.message');
    const edge = (): number => (first === null ? 0 : first.offsetTop + first.offsetHeight);
    const before = edge();
    change();
    if (first?.isConnected === true) this.#log.scrollTop += edge() - before;
  }

  #setAtEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    this.#onEnd(isAtEnd);
  }

  #elements({ messages, me, retry, loadOlder }: ShownConversation): HTMLElement[] {
    const elements: HTMLElement[] = loadOlder === null ? [] : [this.#item('older', () => this.#older())];
    for (const [i, message] of messages.entries()) {
      const before = messages[i - 1];
      const isNewDay = before === undefined || !isSameDay(before.at, message.at);
      if (isNewDay) elements.push(this.#day(message.at));
      const item = this.#item(identityOf(message), () => createItem(message, me, () => retry(message)));
      const isFirst = isNewDay || before.from !== message.from || message.at - before.at > PAUSE_MS;
      updateItem(item, message, me, isFirst);
      elements.push(item);
    }
    return elements;
  }

  /** Scrolling does the same; this is for who does not scroll. */
  #older(): HTMLElement {
    const button = make('button', { className: 'quiet', text: 'Earlier messages', attributes: { type: 'button' } });
    button.addEventListener('click', () => this.#shown?.loadOlder?.());
    return make('li', { className: 'older', children: [button] });
  }

  #day(at: number): HTMLElement {
    const text = dayOf(at);
    return this.#item(`day ${text}`, () => make('li', { className: 'day', text }));
  }

  #item(identity: string, create: () => HTMLElement): HTMLElement {
    const item = this.#items.get(identity) ?? create();
    this.#items.set(identity, item);
    return item;
  }
}

function identityOf({ key, from }: ShownMessage): string {
  return `${key}/${from}`;
}

function headOf(conversation: ShownConversation | null): string {
  const first = conversation?.messages[0];
  return first === undefined ? '' : `${conversation?.loadOlder === null} ${identityOf(first)}`;
}
