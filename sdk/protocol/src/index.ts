export { ackInterval } from './ack-interval.ts';
export {
  type ConnectAddress,
  type SocketIoAddress,
  SUBPROTOCOL,
  socketIoAddress,
  webSocketUrl,
  withToken,
} from './address.ts';
export { type AfterClose, afterClose, type CloseReason, formatCloseReason, parseCloseReason } from './close-reason.ts';
export { type CompiledMap, compileMap, homeOf, ownerOf, ownerOfSlot } from './compiled-map.ts';
export { encodeData } from './data.ts';
export { type CloseCode, closeCodeOf, type DisconnectRow, DISCONNECTS } from './disconnects.ts';
export { ERROR_MEANINGS } from './error-meanings.ts';
export {
  type ErrorCode,
  type ErrorRow,
  ERRORS,
  FlotillaError,
  type FlotillaErrorOptions,
  isErrorCode,
  isFlotillaError,
  type RetryPolicy,
  retryPolicyOf,
} from './errors.ts';
export type {
  AckFrame,
  ClientFrame,
  PingFrame,
  PublishFrame,
  ResumeFrame,
  SendFrame,
  SubscribeFrame,
  UnsubscribeFrame,
  UpstreamFrame,
} from './frames/client-frames.ts';
export { encodeClientFrame, encodeDeliveryFrame, encodeServerFrame } from './frames/encode-frames.ts';
export { parseClientFrame } from './frames/parse-client-frame.ts';
export { parseServerFrame } from './frames/parse-server-frame.ts';
export type {
  ByeFrame,
  ErrorFrame,
  GapFrame,
  JoinedFrame,
  LeftFrame,
  LiveFrame,
  MessageFrame,
  MovedFrame,
  PongFrame,
  ReplyFrame,
  ResumedLog,
  ServerFrame,
  WelcomeFrame,
} from './frames/server-frames.ts';
export { type Grants, isGranted, type NamedGrant, type NameGrant, parseGrants } from './grants.ts';
export { murmur3, utf8Bytes } from './hash.ts';
export {
  BROADCAST_CHANNEL,
  type ChannelName,
  type ClientId,
  isChannelName,
  isClientId,
  isDeviceName,
  isReservedChannel,
  parseChannelName,
  parseClientId,
} from './ids.ts';
export { type FrameLimits, LIMITS } from './limits.ts';
export { parseShardMap } from './parse-shard-map.ts';
export { formatPosition, LOG_START, parsePosition, type Position, samePosition } from './position.ts';
export { MAP_SCHEMA, type ShardEntry, type ShardMap, type ShardState, type SlotRuns } from './shard-map.ts';
export { expandSlots, slotRuns } from './slot-runs.ts';
export { parseSlowReader, type SlowReader, type SlowReaderPolicy, slowReaderPolicy } from './slow-reader.ts';
export { homeTable, MAX_SHARD_ID, SLOT_COUNT, slotOf } from './slots.ts';
export { type GrantedFirst, parseTokenClaims, type TokenClaims } from './token-claims.ts';
