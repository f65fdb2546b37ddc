import {
  encodeData,
  FlotillaError,
  LIMITS,
  parseChannelName,
  parseClientId,
  type PublishFrame,
  type SendFrame,
  type SubscribeFrame,
  type UnsubscribeFrame,
  type UpstreamFrame,
  utf8Bytes,
} from '@flotilla-im/protocol';

/** What every request takes. */
export interface RequestOptions {
  /**
   * Gives the request up: it rejects with `aborted`, or `timeout` for `AbortSignal.timeout`. One that was sent may have
   * taken effect.
   */
  readonly signal?: AbortSignal;
}

/** What `send` takes. */
export interface SendOptions extends RequestOptions {
  /** Receivers; at most 1,000. */
  readonly to: string | readonly string[];
  /** Anything with a JSON form; written when `send` is called. */
  readonly data: unknown;
  /** At most once, not kept, only while connected. False by default. */
  readonly live?: boolean;
}

/** What `publish` takes. */
export interface PublishOptions extends RequestOptions {
  readonly channel: string;
  readonly data: unknown;
  readonly live?: boolean;
}

/** What `upstream` takes. */
export interface UpstreamOptions extends RequestOptions {
  readonly data: unknown;
}

/** What a shard answers to `send` and `publish`. */
export interface Accepted {
  /** Id of the message. */
  readonly messageId: string;
}

type RequestFrame = SendFrame | PublishFrame | UpstreamFrame | SubscribeFrame | UnsubscribeFrame;
type Omitted<Frame> = Frame extends RequestFrame ? Omit<Frame, 'id' | 'data'> : never;

/** A request frame but for its id and its data. */
export type RequestHead = Omitted<RequestFrame>;

/** Writes a request frame. @throws {FlotillaError} bad_data, data_too_large, frame_too_large */
export function writeRequest(id: string, head: RequestHead, data: unknown, dataLimitBytes: number): string {
  const start = JSON.stringify({ ...head, id });
  const hasData = head.type === 'send' || head.type === 'publish' || head.type === 'upstream';
  const text = hasData ? `${start.slice(0, -1)},"data":${encodeData(data, dataLimitBytes)}}` : start;
  if (text.length * 3 > LIMITS.frameBytes && utf8Bytes(text) > LIMITS.frameBytes) {
    throw new FlotillaError('frame_too_large', 'the receivers and the data do not fit one frame');
  }
  return text;
}

/** @throws {FlotillaError} bad_client_id, too_many_receivers, bad_options (nobody) */
export function sendHead({ to, live }: SendOptions): RequestHead {
  const receivers = Array.isArray(to) ? to : [to];
  if (receivers.length === 0) throw new FlotillaError('bad_options', 'to must name at least one client');
  if (receivers.length > LIMITS.receivers) {
    throw new FlotillaError('too_many_receivers', `to names more than ${LIMITS.receivers} clients`);
  }
  receivers.forEach(parseClientId);
  return { type: 'send', to, ...(live === true ? { live } : {}) };
}

/** @throws {FlotillaError} bad_channel, reserved_channel */
export function publishHead({ channel, live }: PublishOptions): RequestHead {
  return { type: 'publish', channel: parseChannelName(channel), ...(live === true ? { live } : {}) };
}
