-- The one way messages get into logs: offset, entry, bounds, tails and notifies of each, in one step for all that are given.
-- What the keys hold: keys.ts. Straight-line code, because this is the hot path: a function costs an allocation a call, every
-- text that is built is hashed as a whole, and a number costs a float's printing wherever it becomes text unformatted.
--
-- KEYS  of each message: list, meta, routes (presence of the client or interest of the channel), tails
--       with flag r: set of the ids that retries appended; its name stays in the meta, so that a late first attempt, which does
--         not bring it, is looked up there as well (the same hash tag, hence the same node)
--       with flag k: then idempotency record
--       with flag w: then receipt watchers, receipts stream, stream counts
-- ARGV  1 shard channel prefix  2 most age (ms)  3 most entries  4 most bytes  5 ms that the meta outlives the list
--       6 ms that an idempotency record lives  7 hint channel prefix  8 bound of the receipts stream, then of each message:
--       entry without its time
--       `<flags> <partition> <entry length> <i|c> <id length>\n<id>`, lengths in UTF-16 units
--         flags: p publish the notifies or n return the routes, i inbox or c channel, then any of r a retry, k idempotent,
--         w receipt wanted
--       with flag k: digest of the content
--       with flag w: clientId as JSON
-- Returns a text for each message:
--         'a <generation> <offset> <ms> <online 0|1> <routes>'           appended; routes: `shard:tail,…` or '-'
--      or 'd <generation> <offset> <ms> <online 0|1> <routes> <master> <id JSON>'
--                                                                        it was there already, under that message id;
--                                                                        master: of the life that found it
--      or 'x'                                                            the key was used with other content
local KEYS, ARGV = KEYS, ARGV
local call, match, byte, find, sub, format = redis.call, string.match, string.byte, string.find, string.sub, string.format
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text = format('%.0f', now)
local info = call('INFO', 'replication')
local _, at = find(info, 'master_replid:', 1, true)
local master = sub(info, at + 1, at + 6)
local max_age, max_count, max_bytes = ARGV[2] + 0, ARGV[3] + 0, ARGV[4] + 0
-- Expiries are put off now and then, by that much more.
local slack = math.floor(max_age / 16)
-- What each shard is told, shards in the order in which they come up.
local shards, notes, answers = {}, {}, {}
-- Generations known to be of this master.
local current = {}
local k, a, n = 0, 8, 0
-- Times of 13 digits compare as text.
local age_text, slack_text = format('%.0f', now - max_age), format('%.0f', now - slack)

while a < #ARGV do
  local list_key, meta_key, routes_key, tails_key = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4]
  local entry, about = ARGV[a + 1], ARGV[a + 2]
  n, k, a = n + 1, k + 4, a + 2
  local how, kind, more = byte(about, 1, 3)
  local is_publishing = how == 112
  -- What is missing is not asked for: ids of retries, idempotency record and digest of the content, receipt watchers.
  local retried_key, record_key, digest, watchers_key, receipts_key, counts_key, receiver
  local named = 4
  -- A space: the flags end with the first two.
  if more ~= 32 then
    local flags = match(about, '^%a+')
    named = #flags + 2
    if find(flags, 'r', 1, true) then
      retried_key, k = KEYS[k + 1], k + 1
    end
    if find(flags, 'k', 1, true) then
      record_key, digest, k, a = KEYS[k + 1], ARGV[a + 1], k + 1, a + 1
    end
    if find(flags, 'w', 1, true) then
      watchers_key, receipts_key, counts_key, receiver, k, a = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], ARGV[a + 1], k + 3, a + 1
    end
  end
  local meta = call('HMGET', meta_key, 'last', 'gen', 'bytes', 'oldest', 'ttl', 'retry')
  -- generation.ts. A log without meta is born now, in tenths of a millisecond modulo 1,000 s, and keeps that in `gen`.
  local generation = meta[2]
  if not generation then
    generation = master .. format('%06x', time[1] % 1000 * 10000 + math.floor(time[2] / 100))
  elseif not current[generation] then
    generation = master .. sub(generation, 7)
    current[generation] = true
  end
  local last = (meta[1] or 0) + 0
  local offset, offset_text, ms_text, found_id, id, is_conflict
  if record_key or retried_key or meta[6] then id = match(entry, '\n"id":(.-),"from":') end

  if record_key then
    local record = call('GET', record_key)
    if record then
      local other
      other, generation, offset, ms_text, found_id = match(record, '^(%S+) (%S+) (%S+) (%S+) (.*)$')
      is_conflict = other ~= digest
    end
  end

  -- A first attempt can arrive after its own retry, out of a socket that was given up; so for some minutes after a retry
  -- the ids that retries appended are known.
  local is_doubtful = retried_key
  if not retried_key and meta[6] then
    local at, retried = match(meta[6], '^(%d+) (.*)$')
    is_doubtful = now - at < 600000 and call('SISMEMBER', retried, id) == 1
  end
  if is_doubtful and not offset then
    local needle = '\n"id":' .. id .. ',"from":'
    local length = call('LLEN', list_key)
    local upper = length - 1
    while upper >= 0 and not offset do
      local lower = math.max(0, upper - 63)
      local entries = call('LRANGE', list_key, lower, upper)
      for i = #entries, 1, -1 do
        local written = match(entries[i], '^%d+')
        if written + 0 < now - 600000 then upper = -1 break end
        local place = find(entries[i], '\n', 1, true)
        if sub(entries[i], place, place + #needle - 1) == needle then
          offset, ms_text, found_id = last - length + lower + i, written, id
          break
        end
      end
      if upper >= 0 then upper = lower - 1 end
    end
    if offset then
      -- The generation that gave out this offset: the last one that began at or before it.
      for name, first in string.gmatch(call('HGET', meta_key, 'gens'), '([^:,]+):(%d+)') do
        if tonumber(first) <= offset then generation = name end
      end
    end
  end

  local is_new, text = not offset, nil
  if is_new then
    offset, ms_text = last + 1, now_text
    offset_text = format('%d', offset)
    text = now_text .. ' ' .. entry
    local count = call('RPUSH', list_key, text)
    local bytes = #text
    -- A list of one is new or had expired, whatever its meta says.
    local oldest = count == 1 and now_text or meta[4] or '0'
    if count > 1 then bytes = bytes + (meta[3] or 0) end

    if count == 1 or count > max_count or bytes > max_bytes or oldest < age_text then
      oldest = oldest + 0
      -- Bounded work a message; the next append goes on. The newest entry always stays.
      for _ = 1, 64 do
        if count == 1 then break end
        if count <= max_count and bytes <= max_bytes then
          oldest = match(call('LINDEX', list_key, 0), '^%d+') + 0
          if oldest >= now - max_age then break end
        end
        local removed = call('LPOP', list_key)
        count, bytes = count - 1, bytes - #removed
        -- What is left is not older than this; that is enough to know when to look again.
        oldest = math.max(oldest, match(removed, '^%d+') + 0)
      end
      call('HSET', meta_key, 'last', offset, 'bytes', bytes, 'oldest', format('%.0f', oldest))
    else
      call('HSET', meta_key, 'last', offset_text, 'bytes', format('%d', bytes))
    end

    if generation ~= meta[2] then
      local kept, gens = {}, call('HGET', meta_key, 'gens') or ''
      for name, first in string.gmatch(gens .. ',' .. generation .. ':' .. offset, '([^:,]+):(%d+)') do
        kept[#kept + 1] = name .. ':' .. first
      end
      -- A position of a generation that ended before the retained head is of no use any more.
      local head = offset - count + 1
      while #kept > 1 and (#kept > 64 or tonumber(match(kept[2], '%d+$')) < head) do table.remove(kept, 1) end
      call('HSET', meta_key, 'gen', generation, 'gens', table.concat(kept, ','))
    end

    if count == 1 or not meta[5] or meta[5] < slack_text then
      call('HSET', meta_key, 'ttl', now_text)
      call('PEXPIRE', list_key, max_age + slack)
      call('PEXPIRE', meta_key, format('%.0f', max_age + slack + ARGV[5]))
    end
    if record_key then
      local record = digest .. ' ' .. generation .. ' ' .. offset .. ' ' .. now_text .. ' ' .. id
      call('SET', record_key, record, 'PX', ARGV[6])
    end
  end

  if is_conflict then
    answers[n] = 'x'
  else
    if retried_key then
      call('SADD', retried_key, id)
      call('PEXPIRE', retried_key, 600000)
      call('HSET', meta_key, 'retry', now_text .. ' ' .. retried_key)
    end

    local values = call(kind == 105 and 'HVALS' or 'HKEYS', routes_key)
    local routes = '-'
    -- Who was told by the first attempt is not told again; routes of a retry are, because their caller did not get them.
    if is_new or not is_publishing then
      local told = #values > 1 and {} or nil
      for i = 1, #values do
        local shard = match(values[i], '^%d+')
        if not (told and told[shard]) then
          if told then told[shard] = true end
          local tail = format('%d', call('HINCRBY', tails_key, shard, '1'))
          if is_publishing then
            local told_before = notes[shard]
            if not told_before then
              told_before = { 'd ' }
              shards[#shards + 1], notes[shard] = shard, told_before
            end
            local m = #told_before
            told_before[m + 1] = tail .. ' ' .. generation .. ' ' .. (offset_text or offset) .. ' ' .. sub(about, named)
            told_before[m + 2] = text
          else
            routes = (routes == '-' and '' or routes .. ',') .. shard .. ':' .. tail
          end
        end
      end
    end

    if is_new and watchers_key then
      local length, place = match(entry, '^%S+ (%d+)\n()')
      local head = sub(entry, place, place + length - 1)
      if #values > 0 then
        call('ZADD', watchers_key, offset, generation .. ' ' .. head)
        call('PEXPIRE', watchers_key, max_age)
      else
        local number = call('HINCRBY', counts_key, 'receipts', 1)
        call('XADD', receipts_key, 'MAXLEN', '~', ARGV[8], '*', 'n', number, 'e', '{"type":"receipt","clientId":' .. receiver
          .. ',"messageId":' .. sub(head, 6) .. ',"state":"offline","at":' .. now_text .. '}')
        call('PUBLISH', ARGV[7] .. 'events', 'receipts ' .. match(about, '%d+'))
      end
    end

    answers[n] = (is_new and 'a ' or 'd ') .. generation .. ' ' .. (offset_text or offset) .. ' ' .. ms_text
      .. (#values > 0 and ' 1 ' or ' 0 ') .. routes .. (is_new and '' or ' ' .. master .. ' ' .. found_id)
  end
end

for i = 1, #shards do call('PUBLISH', ARGV[1] .. shards[i], table.concat(notes[shards[i]])) end
return answers
