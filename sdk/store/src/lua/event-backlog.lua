-- How many events of a partition wait for a consumer group.
--
-- KEYS  1 consumer group  2 stream  3 stream counts
-- ARGV  1 stream
-- Returns the number
local length = redis.call('XLEN', KEYS[2])
local acked = redis.call('HGET', KEYS[1], 'ackedCount')
if not acked then return length end
return math.min(length, tonumber(redis.call('HGET', KEYS[3], ARGV[1]) or 0) - tonumber(acked))
