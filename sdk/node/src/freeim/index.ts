/**
 * FreeIM's own method names over Flotilla, so that moving over is mechanical: what was `ImHelper.SendMessage(…)` is
 * `await imHelper.sendMessage(…)`.
 *
 * What differs, and why:
 *
 * | # | FreeIM | here |
 * |---|---|---|
 * | 1 | ids are int64, 0 is the system | clientIds are strings; numbers, bigints and digits are taken, results are strings. 0 and null are the system as sender and refused as anything else; numbers beyond 2^53 are refused, since they are no longer the id they were |
 * | 2 | blocking calls that return nothing | promises, rejected with a `FlotillaError`; sends resolve to what became of the message |
 * | 3 | the address holds a token for 10 s and any number of sockets; `ws://` and the internal name | one connection; the public address of the shard, `wss` included |
 * | 4 | a message to somebody offline is gone | it waits in the inbox and is delivered on return; `live: true` is the old way |
 * | 5 | the receipt "sent" comes when sending was begun, none at all when the receiver's machine is down | it comes when a connection of the receiver has confirmed; after 10 s without, "not online". `typedReceipts` adds who and which message |
 * | 6 | any number of receivers | at most 1,000 a call (`too_many_receivers`) |
 * | 7 | online is a counter that crashes leave wrong for ever | leases: right after crashes; a client that lost its connection stays online for the reconnect grace (10 s) |
 * | 8 | ForceOffline closes with 1001 and blocks all delivery until the peer answers | closes with 4500 and the reason `disconnect`, blocks nobody, and tells how many connections it named |
 * | 9 | EventBus per connection, to every process; an exception ends the process | first and last connection (`perConnection: true` for each), to every process or once per `group`; a callback that throws is tried again, then `onError` hears of it |
 * | 10 | closing any connection leaves all channels | membership ends with `leaveChan` only |
 * | 11 | LeaveChan(long, strings) and LeaveChan(string, longs) are told apart by type | a text in the first place is a channel; a client whose id is a text is `{ clientId }` |
 * | 12 | ClearChanClient spoils the counters | counts stay right |
 * | 13 | SendChanMessage with an empty name reaches everybody | `bad_channel`; that is what `sendBroadcastMessage` is for |
 * | 14 | OnSend is called once per machine, for channels too | once per shard that owns receivers; once, with `server: null`, for channels and broadcasts; it may be asynchronous, and what it throws aborts the send (`aborted`) |
 * | 15 | one static ImHelper a process; Servers and PathMatch list the machines | `createImHelper()`, as many as needed; the machines are in the shard map |
 * | 16 | a serialiser of the application's choice | JSON; what has no JSON form is refused (`bad_data`), more than 64 KiB too |
 *
 * The same as there: a message arrives as exactly its JSON, a text as a JSON string; a sender among the receivers, or
 * sending to a channel, gets its own message only with two connections or more, then on all of them; `getChanOnline`
 * and `getChanList` count members, connected or not; nothing is sent for an empty list.
 *
 * @packageDocumentation
 */
export type { EventBusOptions, ImChan, ImClient, ImOptions, ImSendEventArgs, ImSendOptions } from './im-client.ts';
export { createImClient, createImHelper, type ImHelper } from './im-helper.ts';
export type { ImId } from './im-id.ts';
