-- Third step: confirms at the client, if nothing else began meanwhile, and tells the client's shards.
--
-- KEYS  1 memberships  2 unsettled  3 presence  4 tails
-- ARGV  1 channel  2 client  3 the value that was applied, '' for none  4 position of the join or ''  5 operation that is
--       finished by this, or ''  6 partition  7 shard channel prefix
-- Returns { 'settled', value } or { 'changed', value }: apply that one and come again
-- @include include-presence
-- @include include-young
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if value ~= ARGV[3] then return { 'changed', value } end
local state, operation = string.match(value, '^(%a) (%S+)')
if state == 'j' then
  value = 'c ' .. operation .. ' ' .. ARGV[4]
  redis.call('HSET', KEYS[1], ARGV[1], value)
elseif state == 'l' then
  value = ''
  if is_young(KEYS[4]) then
    redis.call('HSET', KEYS[1], ARGV[1], 'x ' .. operation .. ' ')
  else
    redis.call('HDEL', KEYS[1], ARGV[1])
  end
end
if state == 'j' or state == 'l' then
  tell_shards(redis.call('HVALS', KEYS[3]), KEYS[4], ARGV[7], ARGV[6], ARGV[2])
end
-- Only the one who began it, or the sweeper long after, takes it off the list: were the beginner to write late and die,
-- the list is what finds the damage.
if ARGV[5] ~= '' then redis.call('ZREM', KEYS[2], cjson.encode({ ARGV[1], ARGV[2], ARGV[5] })) end
return { 'settled', value }
