import type { CallOptions } from '../calls/call-options.ts';
import type { Listening } from '../events/consume-options.ts';
import type { Flotilla } from '../flotilla.ts';
import type { Published } from '../send/outcome.ts';
import type { Sent } from '../send/sent.ts';
import type { ImId } from './im-id.ts';

/** What FreeIM's receipts look like, and how long they are waited for. */
export interface ImOptions {
  /** The two texts of a receipt. Default FreeIM's own: `发送成功` and `用户不在线`. */
  readonly receiptTexts?: { readonly sent: string; readonly offline: string } | undefined;
  /** Adds `clientId`, `messageId` and `state` to `content` and `receipt`. Default false: exactly FreeIM's two members. */
  readonly typedReceipts?: boolean | undefined;
  /** How long a connected receiver may take to confirm before its receipt says offline, in milliseconds. Default 10,000. */
  readonly receiptTimeoutMs?: number | undefined;
  /** Hears of receipts that could not be sent and of callbacks that threw. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What `eventBus` can be told besides FreeIM's two callbacks. */
export interface EventBusOptions {
  /** As in FreeIM: both callbacks for each connection. Default false: for the first and the last. */
  readonly perConnection?: boolean | undefined;
  /** Once per consumer group instead of once per process. */
  readonly group?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `sendMessage` can be told besides FreeIM's own. */
export interface ImSendOptions extends CallOptions {
  /** At most once and never kept, as in FreeIM. Default false: durable. */
  readonly live?: boolean | undefined;
  /** Idempotency key; see `MessageContent.key`. */
  readonly key?: string | undefined;
}

/** What an `onSend` handler gets, by FreeIM's names. */
export interface ImSendEventArgs {
  /** null is the system. */
  readonly senderClientId: string | null;
  /** Receivers on this shard; empty for a channel message. */
  readonly receiveClientId: readonly string[];
  /** null for a message to clients and for a broadcast. */
  readonly chan: string | null;
  /** The shard that owns the receivers; null for channel messages and broadcasts. */
  readonly server: number | null;
  readonly message: unknown;
  readonly receipt: boolean;
}

/** A channel and its members, by FreeIM's names. */
export interface ImChan {
  readonly chan: string;
  /** Members, connected or not. */
  readonly online: number;
}

/** FreeIM's client half, method by method, over a `Flotilla`. Rejections are `FlotillaError`s. */
export interface ImClient {
  /** What it stands on. */
  readonly flotilla: Flotilla;

  /** The address to open, token included: `wss://…/ws?token=…`, good for 10 s and one connection. */
  prevConnectServer(clientId: ImId, clientMetaData?: unknown): Promise<string>;
  /** With `receipt` the sender (unless it is the system) gets one receipt per receiver as an ordinary message. */
  sendMessage(
    senderClientId: ImId | null,
    receiveClientId: readonly ImId[],
    message: unknown,
    receipt?: boolean,
    options?: ImSendOptions,
  ): Promise<Sent>;
  sendBroadcastMessage(message: unknown): Promise<Published>;

  getClientListByOnline(): Promise<string[]>;
  hasOnline(clientId: ImId): Promise<boolean>;
  /** In the order given; [] for null and []. */
  hasOnline(clientIds: readonly ImId[] | null): Promise<boolean[]>;
  /** Resolves to how many connections were asked to close. */
  forceOffline(clientId: ImId): Promise<number>;
  eventBus(
    online: (clientId: string, clientMetaData: unknown) => void | Promise<void>,
    offline: (clientId: string, clientMetaData: unknown) => void | Promise<void>,
    options?: EventBusOptions,
  ): Listening;
  /** Adds a handler that is called before each send and may abort it; the result removes it. */
  onSend(handler: (args: ImSendEventArgs) => void | Promise<void>): () => void;

  /** Empty names are skipped. */
  joinChan(clientId: ImId, ...chans: readonly (string | null)[]): Promise<void>;
  /** One client leaves channels; a text in the first place is a channel, so a client's id that is a text goes into an object. */
  leaveChan(
    clientId: number | bigint | { readonly clientId: ImId },
    ...chans: readonly (string | null)[]
  ): Promise<void>;
  /** Clients leave one channel. */
  leaveChan(chan: string, ...clientIds: readonly ImId[]): Promise<void>;
  getChanClientList(chan: string): Promise<string[]>;
  getChanList(): Promise<ImChan[]>;
  getChanListByClientId(clientId: ImId): Promise<string[]>;
  /** Members, connected or not; 0 for an unknown channel. */
  getChanOnline(chan: string): Promise<number>;
  /** Takes out members that are offline. */
  clearChanClient(chan: string): Promise<void>;
  sendChanMessage(senderClientId: ImId | null, chan: string, message: unknown): Promise<Published>;

  /** Waits for receipts being sent and callbacks under way, then closes what it stands on. */
  close(): Promise<void>;
}
