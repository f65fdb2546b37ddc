-- Second step: brings the channel's side in line with the client's. Safe to repeat.
--
-- KEYS  1 members  2 directory  3 channel meta  4 tails
-- ARGV  1 channel  2 client  3 member 0|1  4 position of the join if it is known, or '', or '-' where what the
--       channel knows is of an earlier membership
-- Returns the position of the join (the channel's tail for a new member), '' for no member
-- @include include-life
local position = ''
if ARGV[3] == '1' then
  position = ARGV[4] ~= '-' and redis.call('HGET', KEYS[1], ARGV[2])
  if not position then
    local meta = redis.call('HMGET', KEYS[3], 'gen', 'last')
    position = ARGV[4]
    if position == '' or position == '-' then position = meta[1] and meta[2] and (meta[1] .. '.' .. meta[2]) or (life_of(KEYS[4]) .. '.0') end
    redis.call('HSET', KEYS[1], ARGV[2], position)
  end
else
  redis.call('HDEL', KEYS[1], ARGV[2])
end
local count = redis.call('HLEN', KEYS[1])
if count > 0 then
  redis.call('ZADD', KEYS[2], count, ARGV[1])
else
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return position
