-- Takes note of a consumer's token; a later one shuts out those before it. The first consumer makes the group known here, to
-- begin with all that the stream holds. Returns whether the token is the one that holds. keys: group, groups, stream, counts.
local function admit(keys, token, group, stream)
  local known = redis.call('HGET', keys.group, 'token')
  if known == token then return true end
  if known and tonumber(known) > tonumber(token) then return false end
  redis.call('HSET', keys.group, 'token', token)
  if redis.call('SADD', keys.groups, group) == 1 then
    local count = tonumber(redis.call('HGET', keys.counts, stream) or 0)
    redis.call('HSET', keys.group, 'acked', '0-0', 'ackedCount', count - redis.call('XLEN', keys.stream))
  end
  return true
end
