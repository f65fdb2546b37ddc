/** Every limit of the wire with its default. Sizes in bytes of UTF-8, times in milliseconds. PROTOCOL.md lists them. */
export const LIMITS = /* @__PURE__ */ Object.freeze({
  /** A clientId, a channel's name, a device's name. Fixed. */
  idBytes: 128,
  /** The `id` of a request frame. Fixed. */
  requestIdBytes: 64,
  /** A message's `data` as JSON. */
  dataBytes: 65_536,
  /** One frame from a client. */
  frameBytes: 131_072,
  /** Receivers of one send. */
  receivers: 1_000,
  /** `metadata` of a connection as JSON. */
  metadataBytes: 2_048,
  /** Text of a close frame (RFC 6455, section 5.5: 125 bytes with the code). Fixed. */
  closeReasonBytes: 123,
  /** From the handshake to the `resume` frame. */
  helloTimeoutMs: 5_000,
  /** A client that sent nothing for this long sends `ping`. */
  heartbeatMs: 15_000,
  /** Without any frame from the other side for this long, the connection is given up. */
  heartbeatTimeoutMs: 20_000,
  /** Between two `ack` frames of a connection, a quarter more or less; a shard stores a client's positions no more often than that. */
  ackIntervalMs: 500,
  /** Between two `ack` frames of a connection in a stream of messages: the interval doubles up to this. */
  ackMostIntervalMs: 4_000,
  /** From issuing a token to spending it. */
  tokenTtlMs: 10_000,
  /** How long a request id (and the SDK's idempotency key) is remembered. */
  keyTtlMs: 600_000,
  /** Frames a second from one connection, in the long run. */
  framesPerSecond: 100,
  /** Frames from one connection at once. */
  frameBurst: 200,
  /** Handshakes a second at one shard: its pace. */
  handshakesPerSecond: 2_000,
  /** Connections of one client, at all shards together. */
  connectionsPerClient: 32,
  /** Channels a client may be in when it joins one by itself; a backend may put it in more. */
  channelsPerClient: 1_000,
  /** Connections from one network address at one shard. */
  connectionsPerAddress: 10_000,
  /** Connections at one shard. */
  connectionsPerShard: 100_000,
  /** What may wait to be written to one connection before it is served from the log instead. */
  queueBytes: 1_048_576,
});

/** The limits that a parser of client frames applies. */
export interface FrameLimits {
  readonly dataBytes: number;
  readonly frameBytes: number;
  readonly receivers: number;
}
