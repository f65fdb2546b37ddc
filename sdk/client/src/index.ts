export { FlotillaError, isFlotillaError, type ErrorCode } from '@flotilla-im/protocol';
export { connect, type Connection } from './connection.ts';
export type { Handler } from './emitter.ts';
export type { ConnectionEvents, ConnectionState, Gap, LiveMessage, ReceivedMessage, SavedPositions } from './events.ts';
export type { Address, AddressSource, ConnectOptions, WebSocketClass, WebSocketLike } from './options.ts';
export type { Accepted, PublishOptions, RequestOptions, SendOptions, UpstreamOptions } from './requests.ts';
