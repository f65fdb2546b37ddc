import { FlotillaError } from '@flotilla-im/protocol';
import type { LogKey } from './log.ts';
import { PARTITION_COUNT, partitionOf, partitionTag } from './partition.ts';
import type { StreamName } from './events.ts';

/*
 * Every key and every pub/sub channel of a cluster, schema 1. Nothing else in Flotilla spells a key.
 *
 * Values, where more than one script reads or writes them:
 *
 * l: cl:   list    of log entries, `<ms> <flags> <headLength>\n<head><data>` (entry-codec.ts); head is ASCII.
 *                  The offset of index 0 is `last - LLEN + 1`: the list's length is the truth, so an expired list is an empty one.
 * m: cm:   hash    last   last offset given out
 *                  gen    the generation of `last`; its second half is the log's birth, see generation.ts
 *                  gens   `gen:first,gen:first…`, oldest first; `gen` is its last one
 *                  bytes  of the retained entries
 *                  oldest milliseconds; no retained entry is older
 *                  ttl    milliseconds when the expiries were last put off
 *                  retry  milliseconds of the last append that was a retry; missing when there was none
 * lr: cr:  set     message ids appended by retries within the last 10 minutes: a first attempt that arrives after its own
 *                  retry (out of a socket's buffer) is then known to be one
 * p:       hash    connection → `shard|incarnation|since|device`
 * ci:      hash    `<shard>|<incarnation>` → 1. A route is the text before the first `|` of a value of p: or a field of ci:
 * r:       zset    receipts asked for and still waiting: member `<generation> <head>`, score = offset. Added by the append
 *                  script when the receiver is online. The cursor script takes out every member whose offset the client's
 *                  inbox cursor has passed and emits, where the member's generation is the cursor's or an older one of the
 *                  log, `{"type":"receipt","clientId":…,"messageId":…,"from":…,"state":"delivered","at":…}`. The head is
 *                  `"id":"…","from":…`, so `"messageId":` and the head from its sixth byte are those two members as they are.
 *                  `h <generation> <until ms> <instance>` is a watcher instead: the hint `receipts:<instance>` is due to it
 * cj:      hash    channel → `<state> <operation> <position>`; state c (confirmed), j (joining) or l (leaving), the operation
 *                  that wrote it, and where the join stands (empty until the channel's side is known; `-` when that side is known to be of an earlier membership). State x: no member, by
 *                  a leave in the first minute of the partition's life, so that no shard restores what it knows from before
 * cs:      hash    clientId → position of its join
 * cp       zset    `[channel,clientId,operation]` as JSON, score = when it began: joins and leaves to be settled
 * u:       hash    c → the client's inbox cursor, the furthest of all; d:<device> → `<inbox cursor> <ms of last use>`;
 *                  h:<device> → channel cursors as JSON
 * b:       hash    refused (ms), grants (JSON), granted (ms), meta (JSON), cause (members of the `offline` event to come),
 *                  x:<connection> → `<ms> <reason>` (to be closed), v:<connection> (moved away: its end is no event)
 * f xs     zsets   incarnation → ms when it was fenced; when it was first seen
 * xi:      set     `<shard> <channel>`
 * eg:      hash    of a consumer group: token, acked (id), ackedCount, head (id) and attempts of the head
 * consumers hash   c:<consumer> → lives until ms; p:<partition> → `<token> <until ms> <consumer>`; token, the highest
 * t        hash    shard → tail number; HINCRBY by whoever notifies a shard about this partition, and the notify carries it
 *                  life   what tells the partition from the one it was before it lost everything; see include-life.lua
 *                  born   seconds when that life began
 * cq:      string  1: a request to join or leave that was begun
 * w        string  nothing: a write of the connection that waits for replicas
 * j:       string  the connection that spent the token; empty where it ended, and what of it is still under way is refused
 * k:       string  `<digest> <generation> <offset> <ms> <messageId>` of an idempotent append
 * es: ec   streams of events with fields `n` (running number) and `e` (JSON), and how many each ever got
 * leases   hash    incarnation → `<counter> <shard> <report as JSON>`. Who reaps an incarnation releases it last of all: until
 *                  then another reaper can find out what a crashed one left undone
 * map      hash    epoch, map (JSON)
 * sweep    string  who holds the right to sweep
 */

/** The beginnings of the names of keys that end in a clientId (`interest`: a channel). */
export interface KeyPrefixes {
  readonly presence: string;
  readonly control: string;
  readonly cursors: string;
  readonly interest: string;
}

/** Names that every append to a log uses. */
export interface AppendKeys {
  readonly log: string;
  readonly meta: string;
  readonly routes: string;
  readonly tails: string;
}

/** The names of one cluster's keys and channels. `partition` is 0 … 255; `id` is a clientId or a channel. */
export interface Keys {
  readonly prefix: string;
  /** List of entries. */
  readonly log: (key: LogKey) => string;
  /** Metadata of a log. */
  readonly meta: (key: LogKey) => string;
  /** What an append names, by one hash: it is the hot path. */
  readonly append: (key: LogKey, partition: number) => AppendKeys;
  /** Ids of messages that retries appended to a log. */
  readonly retried: (key: LogKey) => string;
  /** What names the shards to be notified of a log: presence of an inbox's client, interest of a channel. */
  readonly routes: (key: LogKey) => string;
  readonly presence: (clientId: string) => string;
  readonly memberships: (clientId: string) => string;
  readonly cursors: (clientId: string) => string;
  readonly receipts: (clientId: string) => string;
  /** Revocation, disconnects, grants and metadata of a client. */
  readonly control: (clientId: string) => string;
  readonly interest: (channel: string) => string;
  readonly members: (channel: string) => string;
  /** An idempotency record; `digest` names (log, sender, key), see entry-codec.ts. It lies in the log's partition. */
  readonly idempotency: (key: LogKey, digest: string) => string;
  /** A spent token; it lies in the partition of its client. */
  readonly token: (clientId: string, tokenId: string) => string;
  readonly tails: (partition: number) => string;
  /** Written before a WAIT; holds nothing. */
  readonly mark: (partition: number) => string;
  /** Channels with members: name → count. */
  readonly directory: (partition: number) => string;
  /** Clients with a connection of that incarnation. */
  readonly incarnation: (partition: number, incarnation: string) => string;
  /** Clients whose last connection is gone and whose grace runs. */
  readonly grace: (partition: number) => string;
  /** Incarnations that may not write any more. */
  readonly fenced: (partition: number) => string;
  readonly online: (partition: number) => string;
  /** Incarnations with connections or interest in that partition. */
  readonly incarnations: (partition: number) => string;
  /** Channels that an incarnation follows, `<shard> <channel>`. */
  readonly followed: (partition: number, incarnation: string) => string;
  /** Joins and leaves that were begun and not finished, by when. */
  readonly unsettled: (partition: number) => string;
  readonly stream: (partition: number, stream: StreamName) => string;
  readonly streamCounts: (partition: number) => string;
  readonly streamLease: (partition: number, stream: StreamName, group: string) => string;
  readonly deadLetters: (partition: number, stream: StreamName, group: string) => string;
  /** Consumer groups of a stream in that partition. */
  readonly streamGroups: (partition: number, stream: StreamName) => string;
  /** There while somebody reads the stream without a group. */
  readonly streamTailed: (partition: number, stream: StreamName) => string;
  /** An upstream frame that is in the stream already. */
  readonly seenFrame: (clientId: string, frameId: string) => string;
  /** A request to join or leave that was begun. */
  readonly seenRequest: (clientId: string, request: string) => string;
  /** Consumers of a group and the partitions each leases. */
  readonly consumers: (stream: StreamName, group: string) => string;
  /** For scripts that find ids by themselves: what stands before the id in some names of a partition. */
  readonly prefixes: (partition: number) => KeyPrefixes;
  readonly map: string;
  readonly leases: string;
  readonly sweep: string;
  /** Channel of a shard: this and the shard's number. */
  readonly shardChannelPrefix: string;
  /** Channel of a hint: this and the topic. */
  readonly hintChannelPrefix: string;
}

type PartitionKeyName =
  | 'tails'
  | 'mark'
  | 'directory'
  | 'incarnation'
  | 'grace'
  | 'fenced'
  | 'online'
  | 'incarnations'
  | 'followed'
  | 'unsettled'
  | 'stream'
  | 'streamCounts'
  | 'streamLease'
  | 'deadLetters'
  | 'streamGroups'
  | 'streamTailed'
  | 'prefixes';

/** What a partition as a whole has; `at` gives what its keys begin with. */
function partitionKeys(at: (partition: number) => string): Pick<Keys, PartitionKeyName> {
  const one = (kind: string) => (partition: number) => at(partition) + kind;
  return {
    tails: one('t'),
    mark: one('w'),
    directory: one('cd'),
    incarnation: (partition, incarnation) => `${at(partition)}x:${incarnation}`,
    grace: one('g'),
    fenced: one('f'),
    online: one('on'),
    incarnations: one('xs'),
    followed: (partition, incarnation) => `${at(partition)}xi:${incarnation}`,
    unsettled: one('cp'),
    stream: (partition, stream) => `${at(partition)}es:${stream}`,
    streamCounts: one('ec'),
    streamLease: (partition, stream, group) => `${at(partition)}eg:${stream}:${group}`,
    deadLetters: (partition, stream, group) => `${at(partition)}ed:${stream}:${group}`,
    streamGroups: (partition, stream) => `${at(partition)}egs:${stream}`,
    streamTailed: (partition, stream) => `${at(partition)}et:${stream}`,
    prefixes: (partition) => {
      const base = at(partition);
      return { presence: `${base}p:`, control: `${base}b:`, cursors: `${base}u:`, interest: `${base}ci:` };
    },
  };
}

const CLUSTER_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

function appendKeys(base: string, { kind, id }: LogKey): AppendKeys {
  return kind === 'inbox'
    ? { log: `${base}l:${id}`, meta: `${base}m:${id}`, routes: `${base}p:${id}`, tails: `${base}t` }
    : { log: `${base}cl:${id}`, meta: `${base}cm:${id}`, routes: `${base}ci:${id}`, tails: `${base}t` };
}

/**
 * The names of a cluster's keys.
 *
 * @throws {FlotillaError} bad_options when the cluster's name is not 1 to 64 letters, digits, `_`, `.` or `-`.
 */
export function createKeys(cluster: string): Keys {
  if (!CLUSTER_NAME.test(cluster)) {
    throw new FlotillaError('bad_options', 'cluster must be 1 to 64 letters, digits, "_", "." or "-"');
  }
  const prefix = `fl1:${cluster}:`;
  const tagged = Array.from({ length: PARTITION_COUNT }, (_, p) => `${prefix}{${partitionTag(p)}}:`);
  const at = (partition: number): string => {
    const base = tagged[partition];
    if (base === undefined) throw new RangeError(`there is no partition ${partition}`);
    return base;
  };
  const of = (kind: string) => (id: string) => at(partitionOf(id)) + kind + id;
  const ofLog = (inbox: string, channel: string) => (key: LogKey) =>
    at(partitionOf(key.id)) + (key.kind === 'inbox' ? inbox : channel) + key.id;
  return Object.freeze<Keys>({
    prefix,
    log: ofLog('l:', 'cl:'),
    meta: ofLog('m:', 'cm:'),
    append: (key, partition) => appendKeys(at(partition), key),
    retried: ofLog('lr:', 'cr:'),
    routes: ofLog('p:', 'ci:'),
    idempotency: (key, digest) => `${at(partitionOf(key.id))}k:${digest}`,
    presence: of('p:'),
    memberships: of('cj:'),
    cursors: of('u:'),
    receipts: of('r:'),
    control: of('b:'),
    interest: of('ci:'),
    members: of('cs:'),
    token: (clientId, tokenId) => `${at(partitionOf(clientId))}j:${tokenId}`,
    ...partitionKeys(at),
    seenFrame: (clientId, frameId) => `${at(partitionOf(clientId))}ei:${clientId.length}:${clientId}${frameId}`,
    seenRequest: (clientId, request) => `${at(partitionOf(clientId))}cq:${clientId.length}:${clientId}${request}`,
    consumers: (stream, group) => `${prefix}consumers:${stream}:${group}`,
    map: `${prefix}map`,
    leases: `${prefix}leases`,
    sweep: `${prefix}sweep`,
    shardChannelPrefix: `${prefix}shard:`,
    hintChannelPrefix: `${prefix}hint:`,
  });
}
