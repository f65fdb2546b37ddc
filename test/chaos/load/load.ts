import type { ClientKind } from '../journal/record.ts';

/** What every business process of the load needs. */
export interface BusinessSettings {
  /** Folder of the journals. Every program writes its own `<program>.jsonl`. */
  readonly journals: string;
  readonly cluster: string;
  /** As the SDK's option `redis`: `redis://host:port`, or `redis+sentinel://h1,h2/<db>?master=<name>`. */
  readonly redisUrl: string;
  readonly tokenKeysFile: string;
}

/** Who sends and who listens in a run, and how much. */
export interface LoadSettings extends BusinessSettings {
  /** Decides which clients leave, stall or lose their connections. */
  readonly seed: number;
  readonly clients: Readonly<Record<ClientKind, number>>;
  /** At most so many clients in one process. */
  readonly clientsPerProcess: number;
  readonly channels: number;
  /** Durable messages a second to inboxes, and to channels. */
  readonly inboxPerSecond: number;
  readonly channelPerSecond: number;
  /** Connections opened a second at the start. */
  readonly connectPerSecond: number;
  /** What the receiving end does wrong on purpose, to see whether the observer sees it. */
  readonly mutant: Mutant | null;
}

/** A planted fault between the system and the application. Each happens a few times a run. */
export type Mutant =
  | 'drop'
  | 'repeat'
  | 'swap'
  | 'forge'
  | 'forget-offline'
  | 'invent-offline'
  | 'false-gap'
  | 'forget-gap'
  | 'forget-loss';

/** The load: senders, clients and watchers of presence, each in processes of their own; clients ask an address service over HTTP. */
export interface Load {
  /** Resolves when everybody is a member of their channel, connected and welcomed. Nothing is sent yet. */
  start(): Promise<void>;
  /** Makes everybody a member of their channel again, as a business does whose Redis was emptied: memberships were in it. */
  join(): Promise<void>;
  resume(): void;
  pause(): void;
  /** Resolves once every call for a message has been answered and nothing arrived for `quietMs`. Never rejects: the observer judges. */
  settle(quietMs: number, timeoutMs: number): Promise<void>;
  /** kill -9 of a sender in the middle of its sends; it is started again as a new life. */
  killSender(): void;
  /** SIGSTOP and SIGCONT of one process of clients. */
  stopClients(): void;
  contClients(): void;
  /** This share of the clients takes nothing from its sockets any more, until `readAgain`. */
  stall(share: number): void;
  readAgain(): void;
  /** This share of the clients leaves by its own will and comes back after so long. */
  leaveAndReturn(share: number, awayMs: number): void;
  /** All connections of this share end at once without a word; every client comes back at once. */
  storm(share: number): void;
  /** Tokens that were used are used again, so many, over fresh connections. Resolves to how many got in: none may. */
  replayTokens(count: number): Promise<number>;
  /** Clients that are connected now. */
  connected(): Promise<number>;
  /** Everybody leaves; then all programs end, their journals complete. */
  close(): Promise<void>;
}
