import { encodeData, FlotillaError, isFlotillaError, isGranted, type ReplyFrame } from '@flotilla-im/protocol';
import type { EventStore } from '@flotilla-im/store';
import type { Connection } from '../connections/connection.ts';
import { endingOf } from '../connections/ending.ts';
import type { ClientRequest } from '../connections/session.ts';
import type { RequestFace } from '../shard/shard-deps.ts';
import { RequestQueue, TOO_MANY } from './request-queue.ts';

/** When whom we cannot hold back may try again. */
const BUSY_RETRY_MS = 1_000;

/** What requests need. */
export interface RequestsDeps {
  readonly flotilla: RequestFace;
  readonly events: Pick<EventStore, 'append'>;
  /** Channels a client may be in when it joins one by itself. */
  readonly channelsPerClient: number;
  readonly newId: () => string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly onFault: (error: unknown) => void;
}

type Reply = Omit<ReplyFrame, 'type' | 're'>;

/** Does what clients ask for by their grants; those of one connection one after another, in their order. */
export class Requests {
  readonly #deps: RequestsDeps;
  readonly #queue: RequestQueue;

  constructor(deps: RequestsDeps) {
    this.#deps = deps;
    this.#queue = new RequestQueue(deps.nowMs);
  }

  /** Answers with a `reply`. */
  request(connection: Connection, frame: ClientRequest): void {
    if (!this.#queue.hasRoom(connection)) {
      const reply = failureOf(new FlotillaError('busy', TOO_MANY, { retryAfterMs: BUSY_RETRY_MS }), this.#deps.onFault);
      connection.tell({ type: 'reply', re: frame.id, ...reply });
      return;
    }
    this.#queue.add(connection, async () => {
      const reply = await this.#answer(connection, frame);
      connection.tell({ type: 'reply', re: frame.id, ...reply });
      return reply.ok;
    });
  }

  /** A bare text for the business; there is no answer, so what cannot be taken ends the connection. */
  upstreamText(connection: Connection, text: string): void {
    const id = this.#deps.newId();
    this.#queue.add(connection, async () => {
      try {
        await this.#upstream(connection, id, text, 'text');
        return true;
      } catch (error) {
        connection.end(endingOf(asError(error)));
        return false;
      }
    });
  }

  /** The peer has read what was queued when it was asked. */
  answered(connection: Connection): void {
    this.#queue.answered(connection);
  }

  /** The connection is gone. */
  ended(connection: Connection): void {
    this.#queue.ended(connection);
  }

  async #answer(connection: Connection, frame: ClientRequest): Promise<Reply> {
    try {
      return { ok: true, ...(await this.#do(connection, frame)) };
    } catch (error) {
      return failureOf(error, this.#deps.onFault);
    }
  }

  #do(connection: Connection, frame: ClientRequest): Promise<{ messageId?: string }> {
    switch (frame.type) {
      case 'send':
        return this.#send(connection, frame);
      case 'publish':
        return this.#publish(connection, frame);
      case 'upstream':
        return this.#upstreamFrame(connection, frame);
      case 'subscribe':
      case 'unsubscribe':
        return this.#membership(connection, frame);
    }
  }

  async #send(
    connection: Connection,
    { id, to, data, live }: Extract<ClientRequest, { type: 'send' }>,
  ): Promise<{ messageId: string }> {
    for (const receiver of typeof to === 'string' ? [to] : to) check(connection, 'send', receiver);
    const from = connection.clientId;
    const how = live === true ? { live } : { key: keyOf(id) };
    const { messageId } = await this.#deps.flotilla.send({ from, to, data, ...how });
    return { messageId };
  }

  async #publish(
    connection: Connection,
    { id, channel, data, live }: Extract<ClientRequest, { type: 'publish' }>,
  ): Promise<{ messageId: string }> {
    check(connection, 'publish', channel);
    const how = live === true ? { live } : { key: keyOf(id) };
    const { messageId } = await this.#deps.flotilla.channels.publish(channel, {
      from: connection.clientId,
      data,
      ...how,
    });
    return { messageId };
  }

  async #upstreamFrame(
    connection: Connection,
    { id, data }: Extract<ClientRequest, { type: 'upstream' }>,
  ): Promise<Record<string, never>> {
    if (!connection.mayGoUpstream) throw new FlotillaError('not_granted', 'the token grants no upstream');
    await this.#upstream(connection, id, encodeData(data, Number.POSITIVE_INFINITY), 'json');
    return {};
  }

  async #membership(
    connection: Connection,
    { id, type, channel }: Extract<ClientRequest, { type: 'subscribe' | 'unsubscribe' }>,
  ): Promise<Record<string, never>> {
    check(connection, 'subscribe', channel);
    const { channels } = this.#deps.flotilla;
    if (type === 'subscribe') {
      await this.#checkRoom(connection, channel);
      await channels.join(channel, connection.clientId, { key: keyOf(id) });
    } else await channels.leave(channel, connection.clientId, { key: keyOf(id) });
    return {};
  }

  /**
   * What the pod knows of the memberships may lag a little, so some joins in a hurry may pass the limit; but nobody is
   * refused on old news.
   */
  async #checkRoom({ clientId, record }: Connection, channel: string): Promise<void> {
    const most = this.#deps.channelsPerClient;
    const known = record?.memberships;
    if (!known || known.size < most || known.has(channel)) return;
    const current = await this.#deps.flotilla.channels.ofClient(clientId);
    if (current.length < most || current.includes(channel)) return;
    throw new FlotillaError('busy', `a client may join no more than ${most} channels`);
  }

  #upstream(connection: Connection, id: string, data: string, format: 'json' | 'text'): Promise<void> {
    const { metadata } = connection.claims;
    return this.#deps.events.append('upstream', {
      type: 'frame',
      clientId: connection.clientId,
      connection: connection.connection,
      device: connection.device,
      id,
      data,
      format,
      at: this.#deps.wallMs(),
      ...(metadata === undefined ? {} : { metadata }),
    });
  }
}

function check(connection: Connection, action: 'send' | 'publish' | 'subscribe', name: string): void {
  if (isGranted(connection.grants, action, name)) return;
  throw new FlotillaError('not_granted', `the token does not grant to ${action} there`);
}

/** Request ids are the client's own; the prefix keeps them apart from the keys of a business that sends in its name. */
function keyOf(id: string): string {
  return `c:${id}`;
}

function failureOf(error: unknown, onFault: (error: unknown) => void): Reply {
  const known = isFlotillaError(error) ? error : new FlotillaError('internal', 'the shard failed');
  if (known !== error) onFault(error);
  const { code, message, retryAfterMs } = known;
  return { ok: false, code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
