-- The one way a message gets into a log: offset, entry, bounds, tails and notifies in one step.
-- What the keys hold: keys.ts. Straight-line code, because this is the hot path: a function costs an allocation a call.
--
-- KEYS  1 list  2 meta  3 routes (presence of the client or interest of the channel)  4 tails  5 ids that retries appended
--       with flag k: 6 idempotency record
--       with flag w: then receipt watchers, receipts stream, stream counts
-- ARGV  1 flags: p publish the notifies (else return the routes), r a retry, k idempotent, w receipt wanted
--       2 entry without its time  3 partition  4 `<i|c> <id length in UTF-16 units>\n<id>`  5 shard channel prefix
--       6 most age (ms)  7 most entries  8 most bytes  9 ms that the meta outlives the list
--       with flag k: digest of the content, ms the record lives
--       with flag w: clientId as JSON, hint channel prefix, bound of the receipts stream
-- Returns 'a <generation> <offset> <ms> <online 0|1> <routes>'           appended; routes: `shard:tail,…` or '-'
--      or 'd <generation> <offset> <ms> <online 0|1> <routes> <id JSON>' it was there already, under that message id
--      or 'x'                                                            the key was used with other content
local call, flags, entry = redis.call, ARGV[1], ARGV[2]
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text = string.format('%.0f', now)
local info = call('INFO', 'replication')
local _, at = string.find(info, 'master_replid:', 1, true)
local meta = call('HMGET', KEYS[2], 'last', 'gen', 'bytes', 'oldest', 'ttl', 'retry')
-- generation.ts. A log without meta is born now, in tenths of a millisecond modulo 1,000 s, and keeps that in `gen`.
local generation, master = meta[2], string.sub(info, at + 1, at + 6)
if not generation then
  generation = master .. string.format('%06x', time[1] % 1000 * 10000 + math.floor(time[2] / 100))
elseif string.sub(generation, 1, 6) ~= master then
  generation = master .. string.sub(generation, 7)
end
local last = (meta[1] or 0) + 0
local offset, ms_text, found_id, id

local is_publishing, is_keyed, is_retry, is_receipt = true, false, false, false
if flags ~= 'p' then
  is_publishing = string.byte(flags) == 112
  is_keyed = string.find(flags, 'k', 1, true)
  is_retry = string.find(flags, 'r', 1, true)
  is_receipt = string.find(flags, 'w', 1, true)
end
if is_keyed or is_retry or meta[6] then id = string.match(entry, '\n"id":(.-),"from":') end

if is_keyed then
  local record = call('GET', KEYS[6])
  if record then
    local digest
    digest, generation, offset, ms_text, found_id = string.match(record, '^(%S+) (%S+) (%S+) (%S+) (.*)$')
    if digest ~= ARGV[10] then return 'x' end
  end
end

-- A first attempt can arrive after its own retry, out of a socket that was given up; so for some minutes after a retry
-- the ids that retries appended are known.
local is_doubtful = is_retry
if not is_retry and meta[6] and now - meta[6] < 600000 then
  is_doubtful = call('SISMEMBER', KEYS[5], id) == 1
end
if is_doubtful and not offset then
  local needle = '\n"id":' .. id .. ',"from":'
  local length = call('LLEN', KEYS[1])
  local upper = length - 1
  while upper >= 0 and not offset do
    local lower = math.max(0, upper - 63)
    local entries = call('LRANGE', KEYS[1], lower, upper)
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
    for name, first in string.gmatch(call('HGET', KEYS[2], 'gens'), '([^:,]+):(%d+)') do
      if tonumber(first) <= offset then generation = name end
    end
  end
end

local text
local is_new = not offset
if is_new then
  offset, ms_text = last + 1, now_text
  text = now_text .. ' ' .. entry
  local count = call('RPUSH', KEYS[1], text)
  local max_age, bytes = ARGV[6] + 0, #text
  -- A list of one is new or had expired, whatever its meta says.
  local oldest = count == 1 and now or (meta[4] or 0) + 0
  if count > 1 then bytes = bytes + (meta[3] or 0) end

  if count == 1 or count > ARGV[7] + 0 or bytes > ARGV[8] + 0 or oldest < now - max_age then
    -- Bounded work a call; the next append goes on. The newest entry always stays.
    for _ = 1, 64 do
      if count == 1 then break end
      if count <= ARGV[7] + 0 and bytes <= ARGV[8] + 0 then
        oldest = string.match(call('LINDEX', KEYS[1], 0), '^%d+') + 0
        if oldest >= now - max_age then break end
      end
      local removed = call('LPOP', KEYS[1])
      count, bytes = count - 1, bytes - #removed
      -- What is left is not older than this; that is enough to know when to look again.
      oldest = math.max(oldest, string.match(removed, '^%d+') + 0)
    end
    call('HSET', KEYS[2], 'last', offset, 'bytes', bytes, 'oldest', string.format('%.0f', oldest))
  else
    call('HSET', KEYS[2], 'last', offset, 'bytes', bytes)
  end

  if generation ~= meta[2] then
    local kept, gens = {}, call('HGET', KEYS[2], 'gens') or ''
    for name, first, after in string.gmatch(gens .. ',' .. generation .. ':' .. offset, '([^:,]+):(%d+)()') do
      kept[#kept + 1] = name .. ':' .. first
    end
    -- A position of a generation that ended before the retained head is of no use any more.
    local head = offset - count + 1
    while #kept > 1 and (#kept > 64 or tonumber(string.match(kept[2], '%d+$')) < head) do table.remove(kept, 1) end
    call('HSET', KEYS[2], 'gen', generation, 'gens', table.concat(kept, ','))
  end

  -- Expiries are put off now and then, by that much more.
  local slack = math.floor(max_age / 16)
  if count == 1 or not meta[5] or now - meta[5] > slack then
    call('HSET', KEYS[2], 'ttl', now_text)
    call('PEXPIRE', KEYS[1], max_age + slack)
    call('PEXPIRE', KEYS[2], string.format('%.0f', max_age + slack + ARGV[9]))
  end
  if is_keyed then
    call('SET', KEYS[6], ARGV[10] .. ' ' .. generation .. ' ' .. offset .. ' ' .. now_text .. ' ' .. id, 'PX', ARGV[11])
  end
end
if is_retry then
  call('SADD', KEYS[5], id)
  call('PEXPIRE', KEYS[5], 600000)
  call('HSET', KEYS[2], 'retry', now_text)
end

local values = call(string.byte(ARGV[4]) == 105 and 'HVALS' or 'HKEYS', KEYS[3])
local routes = '-'
-- Who was told by the first attempt is not told again; routes of a retry are, because their caller did not get them.
if is_new or not is_publishing then
  local told = #values > 1 and {} or nil
  for i = 1, #values do
    local shard = string.match(values[i], '^%d+')
    if not (told and told[shard]) then
      if told then told[shard] = true end
      local tail = call('HINCRBY', KEYS[4], shard, 1)
      if is_publishing then
        call('PUBLISH', ARGV[5] .. shard,
          'd ' .. ARGV[3] .. ' ' .. tail .. ' ' .. generation .. ' ' .. offset .. ' ' .. ARGV[4] .. text)
      else
        routes = (routes == '-' and '' or routes .. ',') .. shard .. ':' .. tail
      end
    end
  end
end

if is_new and is_receipt then
  local key, arg = is_keyed and 7 or 6, is_keyed and 12 or 10
  local length, place = string.match(entry, '^%S+ (%d+)\n()')
  local head = string.sub(entry, place, place + length - 1)
  if #values > 0 then
    call('ZADD', KEYS[key], offset, generation .. ' ' .. head)
    call('PEXPIRE', KEYS[key], ARGV[6])
  else
    local number = call('HINCRBY', KEYS[key + 2], 'receipts', 1)
    call('XADD', KEYS[key + 1], 'MAXLEN', '~', ARGV[arg + 2], '*', 'n', number, 'e', '{"type":"receipt","clientId":' .. ARGV[arg]
      .. ',"messageId":' .. string.sub(head, 6) .. ',"state":"offline","at":' .. now_text .. '}')
    call('PUBLISH', ARGV[arg + 1] .. 'events', 'receipts ' .. ARGV[3])
  end
end

local answer = generation .. ' ' .. offset .. ' ' .. ms_text .. (#values > 0 and ' 1 ' or ' 0 ') .. routes
return is_new and 'a ' .. answer or 'd ' .. answer .. ' ' .. found_id
