export type { CallOptions } from './calls/call-options.ts';
export type { Listing, Page } from './calls/listing.ts';
export type { Channels, ChannelSummary, Joined, Left, MembershipOptions } from './channels/channels.ts';
export { MembershipError, type MembershipFailure } from './channels/membership-error.ts';
export type { ConnectInfo, ConnectOptions, DisconnectOptions } from './connect/connect-info.ts';
export { createFlotilla } from './create-flotilla.ts';
export type { ConsumeFailure, ConsumeOptions, DeadLetter, Listening } from './events/consume-options.ts';
export type { Fleet, FleetMove, FleetShard, FleetView } from './fleet/fleet.ts';
export type { Flotilla } from './flotilla.ts';
export type { History, HistoryMessage, HistoryOptions, HistoryPage, HistoryReader } from './history/history.ts';
export type { FlotillaOptions } from './options.ts';
export type {
  ClientConnection,
  Presence,
  PresenceChange,
  PresenceEvent,
  PresenceEventsOptions,
  PresenceGap,
  PresenceLoss,
} from './presence/presence.ts';
export type { Receipt, ReceiptEvent, ReceiptRequest, Receipts, ReceiptsOptions } from './receipts/receipt.ts';
export type { DurabilityOptions } from './send/durability.ts';
export type { Message, MessageContent } from './send/message.ts';
export type { SendHook, Sending } from './send/on-send.ts';
export type { Accepted, Published, Refused, SendOutcome } from './send/outcome.ts';
export { SendError } from './send/send-error.ts';
export type { Sent } from './send/sent.ts';
export type { TokenKey, TokenKeySet } from './tokens/key-set.ts';
export type { Upstream, UpstreamFrame, UpstreamOptions } from './upstream/upstream.ts';
export {
  FlotillaError,
  type ErrorCode,
  type Grants,
  isFlotillaError,
  type SlowReader,
  type SlowReaderPolicy,
} from '@flotilla-im/protocol';
