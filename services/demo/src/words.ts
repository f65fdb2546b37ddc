// What the page and this service say to each other, over HTTP and inside Flotilla's messages. Business: no shard looks
// inside. Types only, so that the page can import them.

/** A text that somebody wrote, as Flotilla's message carries it. */
export interface TextData {
  readonly kind: 'text';
  readonly text: string;
  /** Made by the sender's page for each message: it knows its own one again, and a repeated request adds nothing. */
  readonly key: string;
  /** In private messages: the receiver. They are in the sender's inbox as well, for all of the sender's pages. */
  readonly to?: string;
}

/** A file that somebody sent to another, which lies at this service: `GET /api/files/<fileId>`, for the two of them. */
export interface FileData {
  readonly kind: 'file';
  readonly fileId: string;
  /** Whatever its sender called it: shown as text, nothing else. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** One of `files/file-types.ts`. */
  readonly type: string;
  /** As of a text. */
  readonly key: string;
  /** The receiver; it is in the sender's inbox as well. */
  readonly to: string;
}

/** A file is being sent to who is told this, at most once every few seconds; it is worth a little longer than that. */
export interface ComingData {
  readonly kind: 'coming';
  /** Who sends it. */
  readonly clientId: string;
  readonly name: string;
  readonly size: number;
  /** False: it will not come. That it has come is a message of its own. */
  readonly isComing: boolean;
}

/** Told to everybody who is connected, at most once; the lists are asked for again after each connect. */
export type Announcement =
  | { readonly kind: 'presence'; readonly clientId: string; readonly isOnline: boolean }
  | { readonly kind: 'channel'; readonly channel: string; readonly members: number };

/** Told to the sender of a private message, at most once; `GET /api/receipts` tells it again. */
export interface ReceiptData {
  readonly kind: 'receipt';
  readonly messageId: string;
  readonly state: 'delivered' | 'offline';
}

/** Somebody has looked at what another wrote. In both inboxes, so that all pages of the two agree, and a reload knows it. */
export interface ReadData {
  readonly kind: 'read';
  /** Who wrote it; who looked at it is the message's sender. */
  readonly to: string;
  /** Of the last message seen: it and all before it were read. */
  readonly messageId: string;
}

/** Somebody is writing, told at most once and worth a few seconds. */
export interface TypingData {
  readonly kind: 'typing';
  readonly clientId: string;
  /** null: to this person. */
  readonly channel: string | null;
}

/** Told to who was put out of a channel; it waits for them. */
export interface PutOutData {
  readonly kind: 'put-out';
  readonly channel: string;
  /** Who decided it. */
  readonly by: string;
}

/** How a call ends: by one of the two, by nobody answering, for want of a way between the browsers, or because one went away. */
export type CallEnd = 'hung_up' | 'no_answer' | 'failed' | 'dropped';

/** Somebody calls: all pages of who is called ring. Said again while it rings, for pages that were opened since. */
export interface RingData {
  readonly kind: 'call';
  readonly type: 'ring';
  readonly call: string;
  readonly from: string;
  /** The page that dialled: what it made up for itself. */
  readonly device: string;
  readonly video: boolean;
}

/** Who was called answered, on one of their devices: to all pages of the two, so that the others stop ringing. */
export interface AnsweredData {
  readonly kind: 'call';
  readonly type: 'answered';
  readonly call: string;
  readonly by: string;
  readonly device: string;
  readonly outcome: 'accepted' | 'refused';
  /** Whether they are to be seen. */
  readonly video: boolean;
}

/** What a browser needs to know of the other one (WebRTC); exactly one of the three. */
export interface CallSignalContent {
  readonly description?: { readonly type: 'offer' | 'answer'; readonly sdp: string };
  readonly candidates?: readonly {
    readonly candidate: string;
    readonly sdpMid?: string | null;
    readonly sdpMLineIndex?: number | null;
    readonly usernameFragment?: string | null;
  }[];
  /** The one that makes offers is asked for a new one. */
  readonly restart?: true;
}

/** From one device of the two to the other. */
export interface SignalData {
  readonly kind: 'call';
  readonly type: 'signal';
  readonly call: string;
  readonly by: string;
  readonly device: string;
  /** The device that it is for; all others leave it alone. */
  readonly to: string;
  readonly signal: CallSignalContent;
}

/** It is over, for both. */
export interface EndedData {
  readonly kind: 'call';
  readonly type: 'ended';
  readonly call: string;
  /** null: nobody of the two; it was left behind. */
  readonly by: string | null;
  readonly reason: CallEnd;
}

/** What is said about calls, in the inboxes of the two; `ring` also at most once. */
export type CallData = RingData | AnsweredData | SignalData | EndedData;

/** As browsers take it (RTCIceServer). */
export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** `POST /api/calls/dial` */
export interface Dialling {
  readonly to: string;
  readonly device: string;
  /** Made by the page for each call: a repeated request rings no second time. */
  readonly key: string;
  readonly video: boolean;
}

/** `POST /api/calls/ring`: it rings still. */
export type RingAgain = Pick<RingData, 'call' | 'device' | 'video'>;

/** `POST /api/calls/answer` */
export type CallAnswer = Pick<AnsweredData, 'call' | 'device' | 'outcome' | 'video'>;

/** `POST /api/calls/signal` */
export interface CallSignal extends Pick<SignalData, 'call' | 'device' | 'to' | 'signal'> {
  /** Made by the page: a repeated request says nothing twice. */
  readonly key: string;
}

/** `POST /api/calls/hang-up` */
export interface HangUp {
  readonly call: string;
  readonly reason: Exclude<CallEnd, 'dropped'>;
}

/** What dialling and accepting are answered with. */
export interface CallBegun {
  readonly call: string;
  /** Both dialled at once: this is the other one's call, dialled on that device of theirs, and accepted. null: otherwise. */
  readonly crossed: { readonly device: string; readonly video: boolean } | null;
  /** How the browsers find a way between them. */
  readonly iceServers: readonly IceServer[];
}

/** `GET /api/session`: who asks. */
export interface SessionAnswer {
  /** null: signed out. */
  readonly clientId: string | null;
  /** Started by the launcher of one machine, which can be scaled with `npm run scale`. */
  readonly isLocal: boolean;
  /** Whether who asks may write to everybody at once. */
  readonly mayBroadcast: boolean;
}

/** A channel as it is listed. */
export interface ListedChannel {
  readonly channel: string;
  readonly members: number;
  /** Whether who asks is a member. */
  readonly isJoined: boolean;
  /** Whether who asks created it, and may put others out. */
  readonly isMine: boolean;
}

/** `POST /api/messages`: either to a channel or to a person. */
export interface Draft {
  readonly channel?: string;
  readonly to?: string;
  readonly text: string;
  readonly key: string;
}

/** Where an accepted message stands. */
export interface AcceptedMessage {
  readonly id: string;
  /** `generation.offset` in the channel's log, or in the sender's inbox. */
  readonly position: string;
  /** Milliseconds since 1970 by the store's clock. */
  readonly at: number;
  /** `offline`: a private message that waits, its receiver is not connected. */
  readonly state: 'sent' | 'offline';
}

/** `POST /api/files`: a file whose message was accepted. */
export interface AcceptedFile extends AcceptedMessage {
  readonly data: FileData;
}

/** `GET /api/files`. */
export interface FileLimits {
  /** The largest file. */
  readonly limitBytes: number;
}

/** A message of the past. */
export interface PastMessage {
  readonly id: string;
  readonly position: string;
  readonly from: string | null;
  readonly at: number;
  readonly data: TextData | FileData | ReadData;
}

/** Some of the past, oldest first. */
export interface PastAnswer {
  readonly messages: readonly PastMessage[];
  /** Where to ask for what is older; null: there is nothing. */
  readonly before: string | null;
}

/** `POST /api/messages/read`: a message in the inbox of who asks. */
export interface Looked {
  /** Who wrote it. */
  readonly from: string;
  readonly id: string;
  /** In the inbox of who asks. */
  readonly position: string;
}

/** `POST /api/broadcast`: to everybody. */
export interface Notice {
  readonly text: string;
  readonly key: string;
}

/** `POST /api/typing`: either in a channel or to a person. */
export interface Typing {
  readonly channel?: string;
  readonly to?: string;
}

/** What is known of one private message at its receiver; `expired`: the log let it go unread. */
export interface MessageReceipt {
  readonly messageId: string;
  readonly state: 'sent' | 'offline' | 'delivered' | 'expired';
}

/** Every answer that is no success. */
export interface ProblemAnswer {
  readonly code: string;
  /** A sentence for the person. */
  readonly message: string;
  /** When it makes sense to try again; missing: it does not. */
  readonly retryAfterMs?: number;
}
