/** What a client says on the `flotilla.v1` subprotocol: JSON texts, told apart by `type`. */
export type ClientFrame =
  | ResumeFrame
  | AckFrame
  | PingFrame
  | SendFrame
  | PublishFrame
  | UpstreamFrame
  | SubscribeFrame
  | UnsubscribeFrame;

/**
 * First frame, within `helloTimeoutMs`. Positions are the last ones the application has got. Leave out what is new: the
 * inbox then starts at the client's cursor, a channel at the later of the join and the device's cursor.
 */
export interface ResumeFrame {
  readonly type: 'resume';
  readonly inbox?: string;
  readonly channels?: Readonly<Record<string, string>>;
}

/** The application has everything up to and with these positions. At most one every 100 ms. */
export interface AckFrame {
  readonly type: 'ack';
  readonly inbox?: string;
  readonly channels?: Readonly<Record<string, string>>;
}

/** Sent when nothing else was for `heartbeatMs`; answered by `pong`. */
export interface PingFrame {
  readonly type: 'ping';
}

/** Grant `send`. `id` is the client's own: repeating it within 10 minutes with the same content sends nothing twice. */
export interface SendFrame {
  readonly type: 'send';
  readonly id: string;
  readonly to: string | readonly string[];
  readonly data: unknown;
  readonly live?: boolean;
}

/** Grant `publish`. */
export interface PublishFrame {
  readonly type: 'publish';
  readonly id: string;
  readonly channel: string;
  readonly data: unknown;
  readonly live?: boolean;
}

/** Grant `upstream`: a text for the business, exactly as given. Answered once it is in the stream. */
export interface UpstreamFrame {
  readonly type: 'upstream';
  readonly id: string;
  readonly data: unknown;
}

/** Grant `subscribe`: join a channel. */
export interface SubscribeFrame {
  readonly type: 'subscribe';
  readonly id: string;
  readonly channel: string;
}

/** Grant `subscribe`: leave a channel. */
export interface UnsubscribeFrame {
  readonly type: 'unsubscribe';
  readonly id: string;
  readonly channel: string;
}
