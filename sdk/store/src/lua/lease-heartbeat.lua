-- One more heartbeat of an incarnation.
--
-- KEYS  1 leases
-- ARGV  1 incarnation  2 shard  3 report (JSON)
-- Returns 'ok', or 'gone' when it has no lease (any more), or one that no version of Flotilla wrote
local lease = redis.call('HGET', KEYS[1], ARGV[1])
local counter = lease and string.match(lease, '^(%d+) ')
if not counter then return 'gone' end
redis.call('HSET', KEYS[1], ARGV[1], counter + 1 .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
return 'ok'
