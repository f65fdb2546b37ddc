-- Whether stream id `a` is after `b`; they are `<ms>-<number>`.
local function is_after(a, b)
  local a_ms, a_number = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_number = string.match(b, '^(%d+)-(%d+)$')
  if a_ms ~= b_ms then return tonumber(a_ms) > tonumber(b_ms) end
  return tonumber(a_number) > tonumber(b_number)
end

-- How many events the stream had got up to an id, counted from its beginning.
local function count_up_to(stream_key, counts_key, stream, id)
  local found = redis.call('XRANGE', stream_key, id, '+', 'COUNT', 1)[1]
  if not found then return redis.call('HGET', counts_key, stream) or 0 end
  return tonumber(found[2][2]) - (found[1] == id and 0 or 1)
end

-- Takes what every group acknowledged out of the stream; without a group nothing, since nobody took it.
local function trim_acknowledged(stream_key, groups_key, group_prefix)
  local least
  for _, group in ipairs(redis.call('SMEMBERS', groups_key)) do
    local acked = redis.call('HGET', group_prefix .. group, 'acked') or '0-0'
    if not least or is_after(least, acked) then least = acked end
  end
  if not least then return end
  local ms, number = string.match(least, '^(%d+)-(%d+)$')
  redis.call('XTRIM', stream_key, 'MINID', ms .. '-' .. string.format('%.0f', tonumber(number) + 1))
end

-- keys: group, stream, groups, counts. Takes what every group acknowledged out of the stream when `trims`.
local function acknowledge(keys, stream, id, trims, group_prefix)
  if not is_after(id, redis.call('HGET', keys.group, 'acked')) then return end
  redis.call('HSET', keys.group, 'acked', id, 'ackedCount', count_up_to(keys.stream, keys.counts, stream, id))
  if trims then trim_acknowledged(keys.stream, keys.groups, group_prefix) end
end
