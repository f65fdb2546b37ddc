/** A fault planted in production code, which some schedule must bring to light. */
export interface Mutant {
  readonly name: string;
  /** From the project's folder. */
  readonly file: string;
  /** Text that is there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Faults of the kinds that the promises are about. */
export const MUTANTS: readonly Mutant[] = Object.freeze([
  {
    name: 'move drops what came meanwhile',
    file: 'services/im/src/connections/resumption.ts',
    find: 'this.#deps.catchUp.take(inbox, page);',
    replace: `if (connection.claims.continues === undefined) this.#deps.catchUp.take(inbox, page);
    else {
      inbox.place = record.inbox.line;
      this.#deps.catchUp.advance(inbox);
    }`,
  },
  {
    name: 'one message in eleven is not flushed',
    file: 'services/im/src/delivery/log-view.ts',
    find: 'this.#pending.push(frame);',
    replace: 'if (entry.offset % 11 !== 5) this.#pending.push(frame);',
  },
  {
    name: 'messages of one turn are swapped',
    file: 'services/im/src/delivery/log-view.ts',
    find: 'if (this.#live.length > 0) this.#spread(new MessageRun(frames));',
    replace: 'if (this.#live.length > 0) this.#spread(new MessageRun(frames.reverse()));',
  },
  {
    name: 'client does not know repetitions',
    file: 'sdk/client/src/log-cursor.ts',
    find: `if (!isAhead && position.generation === this.#position.generation) return 'known';`,
    replace: '',
  },
  {
    name: 'client resumes one further',
    file: 'sdk/client/src/log-book.ts',
    find: `return { type: 'resume', ...inbox,`,
    replace: `const further = inbox.inbox?.replace(/[0-9]+$/, (offset) => String(Number(offset) + 1));
    return { type: 'resume', ...(further === undefined ? {} : { inbox: further }),`,
  },
  {
    name: 'lost notifies are not looked for',
    file: 'services/im/src/delivery/tail-poll.ts',
    find: 'this.#reread(stuck, tails);',
    replace: '',
  },
  {
    name: 'a lost log is not told',
    file: 'sdk/store/src/recovery.ts',
    find: 'return end !== null && after.offset <= end && after.offset >= meta.head - 1;',
    replace: 'return true;',
  },
  {
    name: 'a retry is appended again',
    file: 'sdk/store/src/lua/append.lua',
    find: 'if is_doubtful and not offset then',
    replace: 'if false then',
  },
  {
    name: 'an epoch is used twice',
    file: 'operator/src/plan/plan-map.ts',
    find: 'epoch: (previous?.epoch ?? 0) + 1,',
    replace: 'epoch: Math.max(2, previous?.epoch ?? 0),',
  },
  {
    name: 'all is lent to one',
    file: 'operator/src/plan/lend.ts',
    find: 'if (left > 0) room.set(id, left - 1);',
    replace: '',
  },
  {
    name: 'offline is forgotten',
    file: 'sdk/store/src/lua/sweep.lua',
    find: `if redis.call('EXISTS', ARGV[1] .. client) == 0 and redis.call('SREM', KEYS[2], client) == 1 then`,
    replace: `if redis.call('EXISTS', ARGV[1] .. client) == 0 and client == '' then`,
  },
  {
    name: 'a move is an event',
    file: 'sdk/store/src/lua/disconnect.lua',
    find: 'elseif is_last then',
    replace: 'end\nif not is_last or tonumber(ARGV[4]) == 0 then',
  },
  {
    name: 'lost memberships are not restored',
    file: 'services/im/src/presence-duty/reassertion.ts',
    find: 'channels: [...memberships.keys()]',
    replace: 'channels: []',
  },
  {
    name: 'the start of a log is the start of any log',
    file: 'sdk/store/src/recovery.ts',
    find: 'after.generation === LOG_START.generation || after.generation === meta.life',
    replace: 'after.offset === 0',
  },
  {
    name: 'business does not hear of a loss',
    file: 'services/im/src/shard/recovery.ts',
    find: `persistence.eventually('loss event', () => events.append('presence', event));`,
    replace: 'void [persistence, events, event];',
  },
  {
    name: 'an end that was forgotten is not told',
    file: 'sdk/store/src/lua/disconnect.lua',
    find: `local is_forgotten = not entry and ARGV[18] ~= ''`,
    replace: `local is_forgotten = not entry and ARGV[18] == 'x'`,
  },
  {
    name: 'graces that were forgotten do not end',
    file: 'services/im/src/shard/recovery.ts',
    find: 'farewells.again(partitions);',
    replace: '',
  },
  {
    name: 'a member begins where its shard heard of it',
    file: 'services/im/src/membership/channel-start.ts',
    find: 'owed ?? joinedAt ?? view.line',
    replace: 'owed ?? view.line',
  },
  {
    name: 'a join is not told to shards',
    file: 'sdk/store/src/lua/membership-confirm.lua',
    find: `if state == 'j' or state == 'l' then`,
    replace: `if state == 'l' then`,
  },
  {
    name: 'who comes back begins where it was, not at its join',
    file: 'sdk/store/src/lua/membership-apply.lua',
    find: `redis.call('HDEL', KEYS[1], ARGV[2])`,
    replace: `redis.call('HLEN', KEYS[1])`,
  },
  {
    name: 'what a crash left of a join stays',
    file: 'sdk/store/src/lua/sweep.lua',
    find: `reply[#reply + 1] = operation`,
    replace: `reply[#reply + 1] = nil`,
  },
  {
    name: 'a leave does not reach open connections',
    file: 'services/im/src/membership/memberships.ts',
    find: 'this.#leaveOthers(connection, now);',
    replace: '',
  },
  {
    name: 'a late operator takes the map back',
    file: 'sdk/store/src/lua/map-publish.lua',
    find: `if tonumber(stored[1]) > epoch then return 'stale' end`,
    replace: `if tonumber(stored[1]) == 0 then return 'stale' end`,
  },
  {
    name: 'a client breaks before it makes',
    file: 'sdk/client/src/service.ts',
    find: 'this.links.candidate = this.#open(frame, frame.epoch);',
    replace: `if (this.links.primary) this.#discard(this.links.primary);
    this.links.candidate = this.#open(frame, frame.epoch);`,
  },
  {
    name: 'a shard breaks before the client has made',
    file: 'services/im/src/moves/mover.ts',
    find: `epoch: this.#deps.map()?.epoch ?? 0 });`,
    replace: `epoch: this.#deps.map()?.epoch ?? 0 });
    connection.flush();
    connection.end(endingWith(1012));`,
  },
  {
    name: 'a shard judges time by its wall clock',
    file: 'services/im/src/pod/surroundings.ts',
    find: 'nowMs: () => performance.now(),',
    replace: 'nowMs: () => Date.now(),',
  },
  {
    name: 'a client judges time by its wall clock',
    file: 'sdk/client/src/platform-io.ts',
    find: 'now: () => performance.now(),',
    replace: 'now: () => Date.now() - 1_767_225_600_000,',
  },
  {
    name: 'a move makes old grants new',
    file: 'services/im/src/connections/identity.ts',
    find: 'return granted ?? { iat, ...(grants === undefined ? {} : { grants }) };',
    replace: 'void granted;\n    return { iat, ...(grants === undefined ? {} : { grants }) };',
  },
  {
    name: 'a move makes a session last',
    file: 'services/im/src/moves/mover.ts',
    find: 'life: _life, ...claims }',
    replace: 'life: _life, sessionExpiresAt: _end, ...claims }',
  },
  {
    name: 'a request is done again after a move',
    file: 'services/im/src/v1/requests.ts',
    find: 'const how = live === true ? { live } : { key: keyOf(id) };\n    const { messageId } = await this.#deps.flotilla.send(',
    replace: 'const how = live === true ? { live } : {};\n    const { messageId } = await this.#deps.flotilla.send(',
  },
  {
    name: 'requests without an answer are not asked again',
    file: 'sdk/client/src/outbox.ts',
    find: 'if (entry.sentOn === link && !entry.request.isLive) entry.sentOn = null;',
    replace: 'void [entry, link];',
  },
  {
    name: 'a log that jumps takes members behind their joins',
    file: 'services/im/src/delivery/log-places.ts',
    find: 'if (joinedAt === null || !isFurther(meta, joinedAt, start)) return start;',
    replace: 'if (joinedAt === null || meta.last >= 0) return start;',
  },
  {
    name: 'a shard that slept does again what was asked of it',
    file: 'sdk/store/src/lua/membership-begin.lua',
    find: `if KEYS[4] and not redis.call(`,
    replace: `if KEYS[5] and not redis.call(`,
  },
  {
    name: 'what follows a failed request is done before the client knows of it',
    file: 'services/im/src/v1/request-queue.ts',
    find: 'if (!isDone && !(await this.#isRead(connection, tasks))) break;',
    replace: 'void [isDone];',
  },
  {
    name: 'a client arrives where it was forgotten',
    file: 'services/im/src/moves/mover.ts',
    find: '...(life === null ? {} : { life }),',
    replace: '',
  },
  {
    name: 'a new member gets what its shard has at hand',
    file: 'services/im/src/membership/memberships.ts',
    find: 'if (isNew && joinedAt !== null) await channelViews.confirm(view, joinedAt);',
    replace: 'void isNew;',
  },
  {
    name: 'a shard that leaves believes an old map',
    file: 'services/im/src/moves/mover.ts',
    find: `?.map.shards.filter(({ state }) => state !== 'away');`,
    replace: '?.map.shards;',
  },
  {
    name: 'who was sent to a shard that was gone is not sent there again',
    file: 'services/im/src/moves/mover.ts',
    find: 'connection.movedTo = -1;',
    replace: 'void connection;',
  },
]);
