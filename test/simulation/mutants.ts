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
    find: `return { type: 'resume', ...this.positions };`,
    replace: `const { inbox, ...rest } = this.positions;
    const further = inbox?.replace(/[0-9]+$/, (offset) => String(Number(offset) + 1));
    return { type: 'resume', ...rest, ...(further === undefined ? {} : { inbox: further }) };`,
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
]);
