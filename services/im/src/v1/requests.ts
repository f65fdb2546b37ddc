import { encodeData, FlotillaError, isFlotillaError, isGranted, type ReplyFrame } from '@flotilla-im/protocol';
import type { EventStore } from '@flotilla-im/store';
import type { Connection } from '../connections/connection.ts';
import { endingOf } from '../connections/ending.ts';
import type { ClientRequest } from '../connections/session.ts';
import type { RequestFace } from '../shard/shard-deps.ts';

/** Requests that wait on one connection before its peer is read no further, where that does not stop its heartbeat. */
const HELD_FROM = 16;
/** More than that many waiting is too much. */
const MOST_WAITING = 256;
/** When whom we cannot hold back may try again. */
const BUSY_RETRY_MS = 1_000;
const TOO_MANY = 'too many requests are waiting';

/** What requests need. */
export interface RequestsDeps {
  readonly flotilla: RequestFace;
  readonly events: Pick<EventStore, 'append'>;
  /** Channels a client may be in when it joins one by itself. */
  readonly channelsPerClient: number;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly onFault: (error: unknown) => void;
}

type Reply = Omit<ReplyFrame, 'type' | 're'>;
type Task = () => Promise<void>;

/** Does what clients ask for by their grants; those of one connection one after another, in their order. */
export class Requests {
  readonly #deps: RequestsDeps;
  /** Only connections that have something under way. */
  readonly #waiting = new Map<Connection, Task[]>();

  constructor(deps: RequestsDeps) {
    this.#deps = deps;
  }

  /** Answers with a `reply`. */
  request(connection: Connection, frame: ClientRequest): void {
    if (!canHold(connection) && (this.#waiting.get(connection)?.length ?? 0) >= MOST_WAITING) {
      const reply = failureOf(new FlotillaError('busy', TOO_MANY, { retryAfterMs: BUSY_RETRY_MS }), this.#deps.onFault);
      connection.tell({ type: 'reply', re: frame.id, ...reply });
      return;
    }
    this.#queue(connection, async () => {
      const reply = await this.#answer(connection, frame);
      connection.tell({ type: 'reply', re: frame.id, ...reply });
    });
  }

  /** A bare text for the business; there is no answer, so what cannot be taken ends the connection. */
  upstreamText(connection: Connection, text: string): void {
    const id = this.#deps.newId();
    this.#queue(connection, async () => {
      try {
        await this.#upstream(connection, id, text, 'text');
      } catch (error) {
        connection.end(endingOf(asError(error)));
      }
    });
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

  #queue(connection: Connection, task: Task): void {
    const waiting = this.#waiting.get(connection);
    if (waiting === undefined) {
      const tasks = [task];
      this.#waiting.set(connection, tasks);
      void this.#run(connection, tasks);
      return;
    }
    waiting.push(task);
    if (waiting.length === HELD_FROM && canHold(connection)) connection.hold(true);
    if (waiting.length > MOST_WAITING) connection.fail(new FlotillaError('busy', TOO_MANY));
  }

  /** Never rejects: tasks answer for their own failures. */
  async #run(connection: Connection, tasks: Task[]): Promise<void> {
    for (let [task] = tasks; task !== undefined; [task] = tasks) {
      // A connection that is gone asks for nothing any more, but what it asked before is done: it may have been told so.
      await task();
      tasks.shift();
      if (tasks.length === HELD_FROM - 1 && canHold(connection)) connection.hold(false);
    }
    this.#waiting.delete(connection);
  }
}

/** Engine.IO sends a ping when it has read the pong before: who is not read hears nothing, and gives up. */
function canHold({ transport }: Connection): boolean {
  return transport.kind !== 'socketio';
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
