import { FlotillaError, isFlotillaError, parseChannelName, type ReplyFrame } from '@flotilla-im/protocol';
import { Emitter, type Handler } from './emitter.ts';
import type { ConnectionEvents, ConnectionState, SavedPositions } from './events.ts';
import { Machine } from './machine.ts';
import { type CompiledOptions, compileOptions, type ConnectOptions } from './options.ts';
import { createPlatformIo } from './platform-io.ts';
import {
  type Accepted,
  publishHead,
  type PublishOptions,
  type RequestHead,
  type RequestOptions,
  sendHead,
  type SendOptions,
  type UpstreamOptions,
  writeRequest,
} from './requests.ts';
import { onWake } from './wake.ts';

/** A client's connection, through all the sockets that it takes. Made by `connect`. */
export class Connection {
  readonly #emitter = new Emitter();
  readonly #machine: Machine;
  readonly #options: CompiledOptions;
  readonly #finished: Promise<void>;
  /** Tells this object's requests from those of a page that was reloaded, or of another one of the same client. */
  readonly #idPrefix = `${Math.random().toString(36).slice(2, 12)}-`;
  #requests = 0;

  /** Use `connect`. */
  constructor(options: CompiledOptions) {
    this.#options = options;
    let finished = (): void => undefined;
    this.#finished = new Promise((resolve) => {
      finished = resolve;
    });
    const io = createPlatformIo(options, { emitter: this.#emitter, machine: () => this.#machine, finished });
    this.#machine = new Machine(options, io);
    void this.#finished.then(onWake({ wake: () => this.#machine.wake(), rest: () => this.#machine.rest() }));
    // After the caller has had the time to add its handlers.
    queueMicrotask(() => this.#machine.start());
  }

  /** What is going on; every change is a `state` event. */
  get state(): ConnectionState {
    return this.#machine.state;
  }

  /** Who this is; null before a shard has said so. */
  get clientId(): string | null {
    return this.#machine.clientId;
  }

  /** The channels of which the client is a member, the reserved `$broadcast` included. Empty before the first connect. */
  get channels(): readonly string[] {
    return this.#machine.channels;
  }

  /** What the application has got: to persist and to hand to `connect` as `resume` later. */
  get positions(): SavedPositions {
    return this.#machine.positions;
  }

  /**
   * Adds a handler; the returned function removes it. Add those for messages before the task that called `connect` ends: what
   * comes while there is no handler counts as received. Handlers may be async, but nobody waits for them. One that throws
   * hinders nothing: its error is an `error` event, or an uncaught error where nobody handles those.
   */
  on<Type extends keyof ConnectionEvents>(type: Type, handler: Handler<Type>): () => void {
    return this.#emitter.on(type, handler);
  }

  /**
   * Sends to clients (grant `send`). Durable when this resolves, unless `live`. Without a connection it waits, in order with
   * other requests, and is sent once there is one.
   *
   * Rejects with a FlotillaError: bad_client_id, too_many_receivers, bad_data, data_too_large, frame_too_large, busy (outbox
   * full), not_connected (`live`), aborted, timeout, closed, or what the shard answers (not_granted, rate_limited, …).
   */
  async send(options: SendOptions): Promise<Accepted> {
    return accepted(await this.#request(sendHead(options), options, options.data));
  }

  /** Publishes to a channel (grant `publish`). Resolves and rejects as `send` does, bad_channel and reserved_channel included. */
  async publish(options: PublishOptions): Promise<Accepted> {
    return accepted(await this.#request(publishHead(options), options, options.data));
  }

  /** Says something to the business (grant `upstream`); resolves once that is in its stream. Rejects as `send` does. */
  async upstream(options: UpstreamOptions): Promise<void> {
    await this.#request({ type: 'upstream' }, options, options.data);
  }

  /** Joins a channel (grant `subscribe`); a `joined` event tells when its messages begin. Rejects as `publish` does. */
  async subscribe(channel: string, options: RequestOptions = {}): Promise<void> {
    await this.#request({ type: 'subscribe', channel: parseChannelName(channel) }, options);
  }

  /** Leaves a channel (grant `subscribe`). Rejects as `publish` does. */
  async unsubscribe(channel: string, options: RequestOptions = {}): Promise<void> {
    await this.#request({ type: 'unsubscribe', channel: parseChannelName(channel) }, options);
  }

  /** Ends the connection; requests without an answer reject with `closed`. Resolves when the socket is closed, within a second. */
  async close(): Promise<void> {
    this.#machine.close();
    await this.#finished;
  }

  async #request(head: RequestHead, { signal }: RequestOptions, data?: unknown): Promise<ReplyFrame> {
    this.#requests += 1;
    const id = this.#idPrefix + this.#requests.toString(36);
    const text = writeRequest(id, head, data, this.#options.dataLimitBytes);
    if (signal?.aborted === true) throw abortError(signal);
    const isLive = 'live' in head && head.live;
    const onAbort = (): void => this.#machine.abandon(id, abortError(signal));
    signal?.addEventListener('abort', onAbort);
    const answer = new Promise<ReplyFrame>((resolve, reject) => {
      this.#machine.request({ id, text, isLive, resolve, reject });
    });
    return answer.finally(() => signal?.removeEventListener('abort', onAbort));
  }
}

/**
 * Connects a client and keeps it connected until `close`, or until a shard says not to come again. Nothing is done before
 * the calling task ends, so that handlers can be added.
 *
 * @throws {FlotillaError} bad_options, bad_position (`resume`)
 */
export function connect(options: ConnectOptions): Connection {
  return new Connection(compileOptions(options));
}

const accepted = ({ messageId = '' }: ReplyFrame): Accepted => ({ messageId });

function abortError(signal: AbortSignal | undefined): FlotillaError {
  const cause: unknown = signal?.reason;
  if (isFlotillaError(cause)) return cause;
  const isTimeout = (cause as { readonly name?: unknown } | undefined)?.name === 'TimeoutError';
  return isTimeout
    ? new FlotillaError('timeout', 'no answer in time', { cause })
    : new FlotillaError('aborted', 'the request was given up', { cause });
}
