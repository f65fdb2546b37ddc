-- The one way messages get into logs: offset, entry, bounds, tails and notifies of each, in one step for all that are given.
-- What the keys hold: keys.ts. Straight-line code, because this is the hot path: a function costs an allocation a call.
--
-- KEYS  of each message: list, meta, routes (presence of the client or interest of the channel), tails, ids that retries appended
--       with flag k: idempotency record
--       with flag w: then receipt watchers, receipts stream, stream counts
-- ARGV  1 shard channel prefix  2 most age (ms)  3 most entries  4 most bytes  5 ms that the meta outlives the list
--       6 ms that an idempotency record lives  7 hint channel prefix  8 bound of the receipts stream, then of each message:
--       entry without its time
--       `<flags> <partition> <entry length> <i|c> <id length>\n<id>`, lengths in UTF-16 units
--         flags: p publish the notifies or n return the routes, then any of r a retry, k idempotent, w receipt wanted
--       with flag k: digest of the content
--       with flag w: clientId as JSON
-- Returns a text for each message:
--         'a <generation> <offset> <ms> <online 0|1> <routes>'           appended; routes: `shard:tail,…` or '-'
--      or 'd <generation> <offset> <ms> <online 0|1> <routes> <id JSON>' it was there already, under that message id
--      or 'x'                                                            the key was used with other content
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text = string.format('%.0f', now)
local info = call('INFO', 'replication')
local _, at = string.find(info, 'master_replid:', 1, true)
local master = string.sub(info, at + 1, at + 6)
local max_age, max_count, max_bytes = ARGV[2] + 0, ARGV[3] + 0, ARGV[4] + 0
-- Expiries are put off now and then, by that much more.
local slack = math.floor(max_age / 16)
-- What each shard is told, shards in the order in which they come up.
local shards, notes, answers = {}, {}, {}
local k, a = 0, 8

while a < #ARGV do
  local entry, about = ARGV[a + 1], ARGV[a + 2]
  local is_publishing, is_keyed, is_retry, is_receipt = string.byte(about) == 112, false, false, false
  -- A space: the flags end with the first one.
  if string.byte(about, 2) ~= 32 then
    local flags = string.match(about, '^%a+')
    is_keyed = string.find(flags, 'k', 1, true)
    is_retry = string.find(flags, 'r', 1, true)
    is_receipt = string.find(flags, 'w', 1, true)
  end
  local meta = call('HMGET', KEYS[k + 2], 'last', 'gen', 'bytes', 'oldest', 'ttl', 'retry')
  -- generation.ts. A log without meta is born now, in tenths of a millisecond modulo 1,000 s, and keeps that in `gen`.
  local generation = meta[2]
  if not generation then
    generation = master .. string.format('%06x', time[1] % 1000 * 10000 + math.floor(time[2] / 100))
  elseif string.sub(generation, 1, 6) ~= master then
    generation = master .. string.sub(generation, 7)
  end
  local last = (meta[1] or 0) + 0
  local offset, ms_text, found_id, id, is_conflict
  if is_keyed or is_retry or meta[6] then id = string.match(entry, '\n"id":(.-),"from":') end

  if is_keyed then
    local record = call('GET', KEYS[k + 6])
    if record then
      local digest
      digest, generation, offset, ms_text, found_id = string.match(record, '^(%S+) (%S+) (%S+) (%S+) (.*)$')
      is_conflict = digest ~= ARGV[a + 3]
    end
  end

  -- A first attempt can arrive after its own retry, out of a socket that was given up; so for some minutes after a retry
  -- the ids that retries appended are known.
  local is_doubtful = is_retry
  if not is_retry and meta[6] and now - meta[6] < 600000 then
    is_doubtful = call('SISMEMBER', KEYS[k + 5], id) == 1
  end
  if is_doubtful and not offset then
    local needle = '\n"id":' .. id .. ',"from":'
    local length = call('LLEN', KEYS[k + 1])
    local upper = length - 1
    while upper >= 0 and not offset do
      local lower = math.max(0, upper - 63)
      local entries = call('LRANGE', KEYS[k + 1], lower, upper)
      for i = #entries, 1, -1 do
        local written = string.match(entries[i], '^%d+')
        if written + 0 < now - 600000 then upper = -1 break end
        local place = string.find(entries[i], '\n', 1, true)
        if string.sub(entries[i], place, place + #needle - 1) == needle then
          offset, ms_text, found_id = last - length + lower + i, written, id
          break
        end
      end
      if upper >= 0 then upper = lower - 1 end
    end
    if offset then
      -- The generation that gave out this offset: the last one that began at or before it.
      for name, first in string.gmatch(call('HGET', KEYS[k + 2], 'gens'), '([^:,]+):(%d+)') do
        if tonumber(first) <= offset then generation = name end
      end
    end
  end

  local is_new = not offset
  if is_new then
    offset, ms_text = last + 1, now_text
    local text = now_text .. ' ' .. entry
    local count = call('RPUSH', KEYS[k + 1], text)
    local bytes = #text
    -- A list of one is new or had expired, whatever its meta says.
    local oldest = count == 1 and now or (meta[4] or 0) + 0
    if count > 1 then bytes = bytes + (meta[3] or 0) end

    if count == 1 or count > max_count or bytes > max_bytes or oldest < now - max_age then
      -- Bounded work a message; the next append goes on. The newest entry always stays.
      for _ = 1, 64 do
        if count == 1 then break end
        if count <= max_count and bytes <= max_bytes then
          oldest = string.match(call('LINDEX', KEYS[k + 1], 0), '^%d+') + 0
          if oldest >= now - max_age then break end
        end
        local removed = call('LPOP', KEYS[k + 1])
        count, bytes = count - 1, bytes - #removed
        -- What is left is not older than this; that is enough to know when to look again.
        oldest = math.max(oldest, string.match(removed, '^%d+') + 0)
      end
      call('HSET', KEYS[k + 2], 'last', offset, 'bytes', bytes, 'oldest', string.format('%.0f', oldest))
    else
      call('HSET', KEYS[k + 2], 'last', offset, 'bytes', bytes)
    end

    if generation ~= meta[2] then
      local kept, gens = {}, call('HGET', KEYS[k + 2], 'gens') or ''
      for name, first in string.gmatch(gens .. ',' .. generation .. ':' .. offset, '([^:,]+):(%d+)') do
        kept[#kept + 1] = name .. ':' .. first
      end
      -- A position of a generation that ended before the retained head is of no use any more.
      local head = offset - count + 1
      while #kept > 1 and (#kept > 64 or tonumber(string.match(kept[2], '%d+$')) < head) do table.remove(kept, 1) end
      call('HSET', KEYS[k + 2], 'gen', generation, 'gens', table.concat(kept, ','))
    end

    if count == 1 or not meta[5] or now - meta[5] > slack then
      call('HSET', KEYS[k + 2], 'ttl', now_text)
      call('PEXPIRE', KEYS[k + 1], max_age + slack)
      call('PEXPIRE', KEYS[k + 2], string.format('%.0f', max_age + slack + ARGV[5]))
    end
    if is_keyed then
      local record = ARGV[a + 3] .. ' ' .. generation .. ' ' .. offset .. ' ' .. now_text .. ' ' .. id
      call('SET', KEYS[k + 6], record, 'PX', ARGV[6])
    end
  end

  if is_conflict then
    answers[#answers + 1] = 'x'
  else
    if is_retry then
      call('SADD', KEYS[k + 5], id)
      call('PEXPIRE', KEYS[k + 5], 600000)
      call('HSET', KEYS[k + 2], 'retry', now_text)
    end

    local partition, name, kind = string.match(about, '^%a+ (%d+) (%d+ (%a).*)$')
    local values = call(kind == 'i' and 'HVALS' or 'HKEYS', KEYS[k + 3])
    local routes = '-'
    -- Who was told by the first attempt is not told again; routes of a retry are, because their caller did not get them.
    if is_new or not is_publishing then
      local told = #values > 1 and {} or nil
      for i = 1, #values do
        local shard = string.match(values[i], '^%d+')
        if not (told and told[shard]) then
          if told then told[shard] = true end
          local tail = call('HINCRBY', KEYS[k + 4], shard, 1)
          if is_publishing then
            local note = partition .. ' ' .. tail .. ' ' .. generation .. ' ' .. offset .. ' ' .. name .. now_text .. ' ' .. entry
            local other = notes[shard]
            if not other then
              shards[#shards + 1] = shard
              notes[shard] = { note }
            else
              other[#other + 1] = note
            end
          else
            routes = (routes == '-' and '' or routes .. ',') .. shard .. ':' .. tail
          end
        end
      end
    end

    if is_new and is_receipt then
      local key, arg = is_keyed and k + 7 or k + 6, is_keyed and a + 4 or a + 3
      local length, place = string.match(entry, '^%S+ (%d+)\n()')
      local head = string.sub(entry, place, place + length - 1)
      if #values > 0 then
        call('ZADD', KEYS[key], offset, generation .. ' ' .. head)
        call('PEXPIRE', KEYS[key], max_age)
      else
        local number = call('HINCRBY', KEYS[key + 2], 'receipts', 1)
        call('XADD', KEYS[key + 1], 'MAXLEN', '~', ARGV[8], '*', 'n', number, 'e', '{"type":"receipt","clientId":' .. ARGV[arg]
          .. ',"messageId":' .. string.sub(head, 6) .. ',"state":"offline","at":' .. now_text .. '}')
        call('PUBLISH', ARGV[7] .. 'events', 'receipts ' .. partition)
      end
    end

    local answer = generation .. ' ' .. offset .. ' ' .. ms_text .. (#values > 0 and ' 1 ' or ' 0 ') .. routes
    answers[#answers + 1] = is_new and 'a ' .. answer or 'd ' .. answer .. ' ' .. found_id
  end

  k, a = k + (is_keyed and 6 or 5), a + (is_keyed and 3 or 2)
  if is_receipt then k, a = k + 3, a + 1 end
end

for i = 1, #shards do call('PUBLISH', ARGV[1] .. shards[i], 'd ' .. table.concat(notes[shards[i]])) end
return answers
