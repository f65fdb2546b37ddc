-- @include include-clock
-- @include include-events
-- @include include-generations

-- Whether inbox position (generation_b, offset_b) is further than (generation_a, offset_a). A generation that the log does
-- not know comes before all others; an offset that was not given out yet is no position at all.
local function is_further(log, generation_a, offset_a, generation_b, offset_b)
  local newest = log[#log]
  if newest and generation_b == newest.name and offset_b > newest.ending then return false end
  if generation_a == generation_b then return offset_b > offset_a end
  return place_of(log, generation_b) > place_of(log, generation_a)
end

-- Removes the watchers of positions up to the cursor and tells them. Returns how many events were written.
local function settle_watchers(keys, context, log, generation, offset, client, at)
  local events = 0
  local due = redis.call('ZRANGEBYSCORE', keys.watchers, '-inf', effective_offset(log, generation, offset), 'WITHSCORES')
  for i = 1, #due, 2 do
    local watched, deadline, instance = string.match(due[i], '^h (%S+) (%d+) (.*)$')
    if not watched then
      local head
      watched, head = string.match(due[i], '^(%x+) (.*)$')
      -- A watched position that its generation lost is never passed.
      if effective_offset(log, watched, tonumber(due[i + 1])) == tonumber(due[i + 1]) then
        events = events + 1
        emit(keys.receipts, keys.counts, 'receipts', context.receipts_bound, '{"type":"receipt","clientId":'
          .. cjson.encode(client) .. ',"messageId":' .. string.sub(head, 6) .. ',"state":"delivered","at":' .. int(at) .. '}')
      end
    elseif tonumber(deadline) > at then
      redis.call('PUBLISH', context.hint_prefix .. 'receipts:' .. instance, client)
    end
    redis.call('ZREM', keys.watchers, due[i])
  end
  return events
end

-- Makes room for one more device by dropping the one that was not used for longest.
local function drop_oldest_device(cursors_key, most)
  local oldest, oldest_at, devices = nil, math.huge, 0
  local fields = redis.call('HGETALL', cursors_key)
  for i = 1, #fields, 2 do
    local device = string.match(fields[i], '^d:(.*)$')
    if device then
      devices = devices + 1
      local at = tonumber(string.match(fields[i + 1], ' (%d+)$'))
      if at < oldest_at then oldest, oldest_at = device, at end
    end
  end
  if devices >= most then redis.call('HDEL', cursors_key, 'd:' .. oldest, 'h:' .. oldest) end
end

local function merge_channels(keys, device, json)
  local stored = redis.call('HGET', keys.cursors, 'h:' .. device)
  local cursors = stored and cjson.decode(stored) or {}
  for channel, text in pairs(cjson.decode(json)) do
    local old_generation, old_offset = split_position(cursors[channel])
    local generation, offset = split_position(text)
    if old_generation ~= generation or offset > old_offset then cursors[channel] = text end
  end
  -- Those of channels it left would pile up.
  for channel in pairs(cursors) do
    local is_kept = channel == '$broadcast' or redis.call('HEXISTS', keys.memberships, channel) == 1
    if not is_kept then cursors[channel] = nil end
  end
  if next(cursors) then redis.call('HSET', keys.cursors, 'h:' .. device, cjson.encode(cursors)) end
end

-- Merges what a client confirmed into its cursors. keys: cursors, meta (of the inbox), watchers, memberships, receipts,
-- counts. context: devices (most kept), ttl_ms, receipts_bound, hint_prefix, keeps_unknown. `inbox` is `generation.offset` or
-- '', `device` '' for none, `channels` JSON (channel → position) or ''. Returns how many receipt events were written.
--
-- A position that the log does not know confirms nothing. Where keeps_unknown it is kept all the same if nothing else is
-- known of the client: the log was lost (FLUSHALL), and who brings no position is told so when he comes back.
local function store_cursors(keys, context, client, device, inbox, channels, at)
  local meta = redis.call('HMGET', keys.meta, 'gens', 'last')
  local log = parse_generations(meta[1], meta[2])
  local generation, offset = split_position(inbox)
  local is_known = generation and place_of(log, generation) > 0
  local is_kept = context.keeps_unknown and generation and not is_known and generation ~= '0'
  local stored = redis.call('HMGET', keys.cursors, 'c', device ~= '' and 'd:' .. device or 'c')
  local function is_news(cursor)
    local from_generation, from_offset = split_position(cursor)
    return is_known and is_further(log, from_generation or '0', from_offset or 0, generation, offset)
  end

  local events = 0
  local is_moved = is_news(stored[1])
  if is_moved then
    redis.call('HSET', keys.cursors, 'c', inbox)
    events = settle_watchers(keys, context, log, generation, offset, client, at)
  elseif is_kept and not stored[1] then
    redis.call('HSET', keys.cursors, 'c', inbox)
    redis.call('PEXPIRE', keys.cursors, context.ttl_ms)
    stored[1] = inbox
  end
  if device ~= '' then
    if not stored[2] then drop_oldest_device(keys.cursors, context.devices) end
    -- A device that is new here and brings no place of the log's starts where the client is.
    local text = is_news(stored[2]) and inbox or string.match(stored[2] or stored[1] or '0.0', '^%S+')
    redis.call('HSET', keys.cursors, 'd:' .. device, text .. ' ' .. int(at))
    if channels ~= '' then merge_channels(keys, device, channels) end
  end
  if is_moved or device ~= '' then redis.call('PEXPIRE', keys.cursors, context.ttl_ms) end
  return events
end
