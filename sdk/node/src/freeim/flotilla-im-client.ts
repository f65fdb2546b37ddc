import { BROADCAST_CHANNEL, FlotillaError, withToken } from '@flotilla-im/protocol';
import type { Listening } from '../events/consume-options.ts';
import type { Flotilla } from '../flotilla.ts';
import type { PresenceEvent } from '../presence/presence.ts';
import type { Published } from '../send/outcome.ts';
import type { Sent } from '../send/sent.ts';
import type { EventBusOptions, ImChan, ImClient, ImOptions, ImSendEventArgs, ImSendOptions } from './im-client.ts';
import { clientIdOf, type ImId, senderOf } from './im-id.ts';
import { ReceiptFrames } from './receipt-frames.ts';

type MetaCallback = (clientId: string, clientMetaData: unknown) => void | Promise<void>;

/** FreeIM's `ImClient` over Flotilla. */
export class FlotillaImClient implements ImClient {
  readonly flotilla: Flotilla;
  readonly #options: ImOptions;
  readonly #receipts: ReceiptFrames;
  readonly #buses = new Set<Listening>();

  constructor(flotilla: Flotilla, options: ImOptions) {
    this.flotilla = flotilla;
    this.#options = options;
    this.#receipts = new ReceiptFrames(flotilla, options);
  }

  async prevConnectServer(clientId: ImId, clientMetaData?: unknown): Promise<string> {
    const { url, token } = await this.flotilla.connectInfo(clientIdOf(clientId), { metadata: clientMetaData });
    return withToken(url, token);
  }

  async sendMessage(
    senderClientId: ImId | null,
    receiveClientId: readonly ImId[],
    message: unknown,
    receipt = false,
    options: ImSendOptions = {},
  ): Promise<Sent> {
    if (!Array.isArray(receiveClientId)) throw new FlotillaError('bad_client_id', 'the receivers must be a list');
    const from = senderOf(senderClientId);
    const to = receiveClientId.map((id) => clientIdOf(id as ImId));
    const { live, key, ...call } = options;
    const echo = from === null || !to.includes(from) || (await this.#hasSeveralConnections(from));
    const sent = await this.flotilla.send({ from, to, data: message, echo, receipt, live, key }, call);
    if (receipt && from !== null) this.#receipts.follow(from, message, sent);
    return sent;
  }

  sendBroadcastMessage(message: unknown): Promise<Published> {
    return this.flotilla.broadcast({ from: null, data: message });
  }

  getClientListByOnline(): Promise<string[]> {
    return this.flotilla.presence.list().all();
  }

  hasOnline(clientId: ImId): Promise<boolean>;
  hasOnline(clientIds: readonly ImId[] | null): Promise<boolean[]>;
  async hasOnline(ids: ImId | readonly ImId[] | null): Promise<boolean | boolean[]> {
    if (ids === null) return [];
    if (typeof ids === 'object') return this.flotilla.presence.online(ids.map(clientIdOf));
    const [isOnline = false] = await this.flotilla.presence.online([clientIdOf(ids)]);
    return isOnline;
  }

  async forceOffline(clientId: ImId): Promise<number> {
    return this.flotilla.disconnect(clientIdOf(clientId), { reason: 'disconnect' });
  }

  eventBus(online: MetaCallback, offline: MetaCallback, options: EventBusOptions = {}): Listening {
    const { perConnection = false, group, signal } = options;
    const [arrived, left] = perConnection ? ['connected', 'disconnected'] : ['online', 'offline'];
    const onEvent = async (event: PresenceEvent): Promise<void> => {
      if (event.type === 'gap' || event.type === 'lost') return;
      if (event.type === arrived) await online(event.clientId, event.metadata);
      if (event.type === left) await offline(event.clientId, event.metadata);
    };
    const onError = (error: unknown): void => this.#options.onError?.(error);
    const bus = this.flotilla.presence.on(onEvent, { perConnection, group, signal, onError });
    this.#buses.add(bus);
    return bus;
  }

  onSend(handler: (args: ImSendEventArgs) => void | Promise<void>): () => void {
    return this.flotilla.onSend(({ from, receivers, channel, shard, data, receipt }) =>
      handler({
        senderClientId: from,
        receiveClientId: receivers,
        chan: channel === BROADCAST_CHANNEL ? null : channel,
        server: shard,
        message: data,
        receipt,
      }),
    );
  }

  async joinChan(clientId: ImId, ...chans: readonly (string | null)[]): Promise<void> {
    await this.flotilla.channels.join(named(chans), clientIdOf(clientId));
  }

  leaveChan(
    clientId: number | bigint | { readonly clientId: ImId },
    ...chans: readonly (string | null)[]
  ): Promise<void>;
  leaveChan(chan: string, ...clientIds: readonly ImId[]): Promise<void>;
  async leaveChan(
    first: number | bigint | string | { readonly clientId: ImId },
    ...rest: readonly (ImId | null)[]
  ): Promise<void> {
    const { channels } = this.flotilla;
    if (typeof first === 'string') {
      await channels.leave(
        first,
        rest.map((id) => clientIdOf(id ?? 0)),
      );
      return;
    }
    const clientId = clientIdOf(typeof first === 'object' ? first.clientId : first);
    await channels.leave(named(rest as readonly (string | null)[]), clientId);
  }

  async getChanClientList(chan: string): Promise<string[]> {
    return this.flotilla.channels.members(chan).all();
  }

  async getChanList(): Promise<ImChan[]> {
    const channels = await this.flotilla.channels.list().all();
    return channels.map(({ channel, members }) => ({ chan: channel, online: members }));
  }

  async getChanListByClientId(clientId: ImId): Promise<string[]> {
    return this.flotilla.channels.ofClient(clientIdOf(clientId));
  }

  getChanOnline(chan: string): Promise<number> {
    return this.flotilla.channels.count(chan);
  }

  async clearChanClient(chan: string): Promise<void> {
    await this.flotilla.channels.clear(chan);
  }

  async sendChanMessage(senderClientId: ImId | null, chan: string, message: unknown): Promise<Published> {
    const from = senderOf(senderClientId);
    const echo = from === null || (await this.#hasSeveralConnections(from));
    return this.flotilla.channels.publish(chan, { from, data: message, echo });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#buses].map((bus) => bus.close()));
    await this.flotilla.close();
    await this.#receipts.settled();
  }

  /** FreeIM's self rule: a sender gets its own message only with two connections or more, then on all of them. */
  async #hasSeveralConnections(clientId: string): Promise<boolean> {
    return (await this.flotilla.presence.connections(clientId)).length >= 2;
  }
}

function named(chans: readonly (string | null)[]): string[] {
  return chans.filter((chan): chan is string => chan !== null && chan !== '');
}
