-- One more heartbeat of an incarnation.
--
-- KEYS  1 leases
-- ARGV  1 incarnation  2 shard  3 report (JSON)
-- Returns 'ok', or 'gone' when it has no lease (any more)
local lease = redis.call('HGET', KEYS[1], ARGV[1])
if not lease then return 'gone' end
redis.call('HSET', KEYS[1], ARGV[1], string.match(lease, '^%d+') + 1 .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
return 'ok'
