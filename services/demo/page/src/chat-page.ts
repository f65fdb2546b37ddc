import { connect, type Connection, type ReceivedMessage } from '@flotilla-im/client';
import { api, ApiError, type ListedChannel, type ReceiptData } from './api.ts';
import { type ConversationId, Conversations } from './conversations.ts';
import { byId } from './dom.ts';
import { drawMessages } from './message-list.ts';
import { drawSidebar } from './sidebar.ts';
import { drawState } from './state-sign.ts';

/** Lists are asked for again after so long, whatever was announced: announcements are not kept. */
const REFRESH_MS = 30_000;

/** The page of somebody who is signed in: holds what is shown and redraws it when something comes. */
export class ChatPage {
  readonly #me: string;
  readonly #conversations: Conversations;
  readonly #connection: Connection;
  readonly #loaded = new Set<ConversationId>();
  #online = new Set<string>();
  #channels: readonly ListedChannel[] = [];
  #current: ConversationId | null = null;
  readonly #openedAtMs = Date.now();
  /** The last message on its way; the next one waits for it, so that words stay in the order they were written. */
  #writing: Promise<unknown> = Promise.resolve();
  #isDrawing = false;

  constructor(me: string) {
    this.#me = me;
    this.#conversations = new Conversations(me);
    byId('me', HTMLElement).textContent = me;
    this.#connection = connect({ address: ({ signal }) => addressOrNull(signal) });
    this.#connection.on('state', (state) => {
      drawState(byId('state', HTMLElement), state);
      if (state.type !== 'connected') return;
      if (!state.recovered) this.#reload();
      this.#refresh();
    });
    this.#connection.on('message', (message) => this.#received(message));
    this.#connection.on('live', ({ data }) => this.#announced(data));
    this.#connection.on('gap', () => this.#reload());
    this.#connection.on('joined', () => this.#refresh());
    this.#connection.on('left', () => this.#refresh());
    setInterval(() => this.#refresh(), REFRESH_MS);
    this.draw();
  }

  get current(): ConversationId | null {
    return this.#current;
  }

  /** Opens a conversation; a channel is joined first. */
  async choose(id: ConversationId): Promise<void> {
    if (id.startsWith('#') && !this.#isMember(id)) {
      await api.join(id.slice(1));
      this.#channels = await api.channels();
    }
    this.#current = id;
    this.#conversations.read(id);
    byId('chat', HTMLElement).dataset['view'] = 'conversation';
    this.draw();
    byId('text', HTMLInputElement).focus();
    if (!this.#loaded.has(id)) await this.#load(id);
  }

  showList(): void {
    this.#current = null;
    byId('chat', HTMLElement).dataset['view'] = 'list';
    this.draw();
  }

  async leave(): Promise<void> {
    const id = this.#current;
    if (!id?.startsWith('#')) return;
    await api.leave(id.slice(1));
    this.showList();
    this.#refresh();
  }

  /** Shows the text at once and sends it; says so beside it when that failed. */
  async write(text: string): Promise<void> {
    const id = this.#current;
    if (id === null) return;
    const key = crypto.randomUUID();
    this.#conversations.write(id, key, text, Date.now());
    this.draw();
    try {
      const send = (): ReturnType<typeof api.write> => writeWithRetries(pathOf(id), { text, key });
      const accepted = this.#writing.then(send, send);
      this.#writing = accepted;
      this.#conversations.sent(id, key, await accepted);
    } catch (error) {
      this.#conversations.failed(id, key);
      throw error;
    } finally {
      this.draw();
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Once a frame, however much has changed. */
  draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    // Not requestAnimationFrame: pages in the background are to stay right as well.
    setTimeout(() => {
      this.#isDrawing = false;
      this.#drawNow();
    }, 16);
  }

  #received(message: ReceivedMessage): void {
    const waited = message.channel === null && message.at < this.#openedAtMs;
    const id = this.#conversations.accept(message, { waited, isNews: true });
    if (id === null) return;
    if (id === this.#current && document.visibilityState === 'visible') this.#conversations.read(id);
    this.draw();
  }

  #announced(data: unknown): void {
    const said = data as { kind?: string; clientId?: string; online?: boolean };
    if (said.kind === 'channels') this.#refreshChannels();
    else if (said.kind === 'receipt') this.#receipt(data as ReceiptData);
    else if (said.kind === 'presence' && said.clientId !== undefined) {
      if (said.online) this.#online.add(said.clientId);
      else this.#online.delete(said.clientId);
      this.draw();
    }
  }

  #receipt({ messageId, state }: ReceiptData): void {
    if (this.#conversations.receipt(messageId, state) !== null) this.draw();
  }

  #refresh(): void {
    this.#refreshChannels();
    this.#quietly(async () => {
      this.#online = new Set(await api.people());
    });
    this.#quietly(async () => {
      for (const receipt of await api.receipts()) this.#receipt(receipt);
    });
  }

  #refreshChannels(): void {
    this.#quietly(async () => {
      this.#channels = await api.channels();
    });
  }

  /** What failed is asked for again with the next announcement, reconnect or period. */
  #quietly(refresh: () => Promise<void>): void {
    refresh().then(
      () => this.draw(),
      () => undefined,
    );
  }

  #reload(): void {
    this.#loaded.clear();
    if (this.#current !== null) this.#load(this.#current).catch(() => undefined);
  }

  async #load(id: ConversationId): Promise<void> {
    this.#loaded.add(id);
    try {
      for (const message of await api.history(pathOf(id))) {
        this.#conversations.accept(
          { ...message, channel: id.startsWith('#') ? id.slice(1) : null },
          { waited: false, isNews: false },
        );
      }
    } catch (error) {
      this.#loaded.delete(id);
      throw error;
    }
    this.#quietly(async () => {
      for (const receipt of await api.receipts()) this.#receipt(receipt);
    });
    this.draw();
  }

  #isMember(id: ConversationId): boolean {
    return this.#channels.some(({ channel, joined }) => joined && `#${channel}` === id);
  }

  #drawNow(): void {
    const written = this.#conversations.ids().flatMap((id) => (id.startsWith('@') ? [id.slice(1)] : []));
    const names = [...new Set([...this.#online, ...written])].filter((name) => name !== this.#me);
    drawSidebar(
      {
        current: this.#current,
        channels: this.#channels,
        people: names.sort((a, b) => a.localeCompare(b)).map((name) => ({ name, online: this.#online.has(name) })),
        unread: (id) => this.#conversations.unread(id),
      },
      (id) => {
        this.choose(id).catch(() => undefined);
      },
    );
    this.#drawConversation();
  }

  #drawConversation(): void {
    const id = this.#current;
    byId('title', HTMLElement).textContent =
      id === null ? 'Flotilla chat' : id.startsWith('#') ? `# ${id.slice(1)}` : id.slice(1);
    byId('leave', HTMLElement).hidden = !id?.startsWith('#');
    byId('message-form', HTMLElement).hidden = id === null;
    byId('empty', HTMLElement).hidden = id !== null;
    const list = byId('messages', HTMLOListElement);
    if (list.dataset['conversation'] !== (id ?? '')) list.replaceChildren();
    list.dataset['conversation'] = id ?? '';
    drawMessages(list, id === null ? [] : this.#conversations.messages(id), this.#me);
  }
}

/** A session that ended ends the connection; anything else is tried again. */
async function addressOrNull(signal: AbortSignal): Promise<{ url: string; token: string } | null> {
  try {
    return await api.address(signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** The key makes repeating harmless, so a service that is being restarted costs no message. */
async function writeWithRetries(path: string, draft: { text: string; key: string }): ReturnType<typeof api.write> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.write(path, draft);
    } catch (error) {
      const isFinal = error instanceof ApiError && error.status < 500;
      if (isFinal || attempt === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}

function pathOf(id: ConversationId): string {
  return `${id.startsWith('#') ? 'channels' : 'people'}/${encodeURIComponent(id.slice(1))}`;
}
