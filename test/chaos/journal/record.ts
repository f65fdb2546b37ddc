/**
 * What the programs of a chaos run write down, one JSON array a line, each program into a file of its own. This is all that
 * the observer knows. Times are milliseconds of the machine's monotonic clock, the same for every process of the machine.
 */
export type JournalRecord =
  | SendIntent
  | SendAccepted
  | SendFailed
  | SendAbandoned
  | Joined
  | Arrived
  | Served
  | Closed
  | ToldGap
  | ToldLoss
  | Present
  | PresenceEvent
  | Fault
  | Phase
  | Sample;

/** How a client listens: what it is promised differs. */
export type ClientKind = 'v1' | 'plain' | 'socketIo';

/**
 * A log as people name it: `inbox:<clientId>` or `channel:<name>`. Each log has one sender at a time, which sends to it one
 * message after another: the next one only after the one before was accepted. So a sender's numbers are the log's order.
 */
export type LogName = `inbox:${string}` | `channel:${string}`;

/** A sender is about to send its message `n` (1, 2, 3, …) to a log. `life` names one process: `sender-0.2` is the second of its name. */
export type SendIntent = readonly ['intent', tMs: number, life: string, log: LogName, n: number];
/** The durable send resolved. */
export type SendAccepted = readonly ['accepted', tMs: number, life: string, log: LogName, n: number];
/** A call failed; when it is retryable the sender calls again with the same key. */
export type SendFailed = readonly [
  'failed',
  tMs: number,
  life: string,
  log: LogName,
  n: number,
  code: string,
  retryable: boolean,
];
/** The sender gives a message up: it failed for good, or its process found it half sent by an earlier life. */
export type SendAbandoned = readonly ['abandoned', tMs: number, life: string, log: LogName, n: number];
/** A client is a member of a channel from here on: what is sent to it later is due. */
export type Joined = readonly ['joined', tMs: number, clientId: string, log: LogName];
/** A message reached the application of a client over its connection number `connection` (1, 2, …; 0 where a client library hides them). */
export type Arrived = readonly [
  'arrived',
  tMs: number,
  clientId: string,
  connection: number,
  life: string,
  log: LogName,
  n: number,
];
/** A shard serves a new connection of a client. `dialledMs`: when it was dialled. */
export type Served = readonly [
  'served',
  tMs: number,
  clientId: string,
  kind: ClientKind,
  connection: number,
  shard: number,
  dialledMs: number,
];
/** A connection that was served has ended, whoever ended it. Code 0 where none is shown. */
export type Closed = readonly [
  'closed',
  tMs: number,
  clientId: string,
  connection: number,
  shard: number,
  code: number,
];
/** A client (or, for a bare client, the business) was told that messages of a log are lost: `recovered: false`. */
export type ToldGap = readonly ['gap', tMs: number, clientId: string, log: LogName];
/**
 * A business process was told that Redis lost everything it held. Of a bare client that was without a connection then nothing is
 * left that could tell what it lacks, so this stands for a gap of all its logs.
 */
export type ToldLoss = readonly ['loss', tMs: number, watcher: string];
/**
 * The truth of presence: the application of a client wants to be connected from here on (`comes`), leaves by its own will
 * (`leaves`), or its process ceases to run or to be scheduled (`stalls`), and goes on (`resumes`).
 */
export type Present = readonly [
  'present',
  tMs: number,
  clientId: string,
  what: 'comes' | 'leaves' | 'stalls' | 'resumes',
];
/** A business process heard of a client's presence. `reason` as the SDK gives it. */
export type PresenceEvent = readonly [
  'presence',
  tMs: number,
  watcher: string,
  clientId: string,
  type: 'online' | 'offline',
  reason: string,
];
/** A fault begins, or is over: from `end` on the system is as it was, and has to get well. Excuses hold from begin to the next phase. */
export type Fault = readonly ['fault', tMs: number, id: number, name: string, what: 'begin' | 'end', detail: string];
/** A stretch of the run with a name; bounds are held against it. Ends where the next one begins. */
export type Phase = readonly ['phase', tMs: number, id: number, name: string, excuses: readonly Excuse[]];
/**
 * A figure at a time: `connections.<shard>`, `epoch`, `rss.<process>`, `redis.commands`. For drawing and for bounds on memory.
 * `master.alone` is 1 when a master is cut off from its replica, and 0 when it has died.
 */
export type Sample = readonly ['sample', tMs: number, name: string, value: number];

/**
 * What a fault makes unavoidable, and so is reported but not held against the system:
 * - `redis-lost-writes`: accepted messages may be gone (FLUSHALL, a promoted replica), if everybody concerned is told (`gap`);
 * - `master-dies`: of these, what was accepted while the dead master was alone, for a client that was away then and had been given
 *   none of it: nobody who is left knows that it was there (PROTOCOL.md, what Redis may lose), so nobody can tell; counted, with
 *   its own name;
 * - `gap-of-delivery`: the bound of 100 ms does not hold for planned moves (a crash, a stall: other bounds hold instead);
 * - `connections-close`: connections may end although their slot did not move;
 * - `clients-offline`: clients cannot keep their connection, so they may be told offline within lease and grace, once.
 */
export type Excuse = 'redis-lost-writes' | 'master-dies' | 'gap-of-delivery' | 'connections-close' | 'clients-offline';
