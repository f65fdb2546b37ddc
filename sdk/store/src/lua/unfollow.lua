-- The shard's last connected member is gone.
--
-- KEYS  1 interest  2 channels the incarnation follows
-- ARGV  1 channel  2 shard  3 incarnation
-- Returns 1
redis.call('HDEL', KEYS[1], ARGV[2] .. '|' .. ARGV[3])
redis.call('SREM', KEYS[2], ARGV[2] .. ' ' .. ARGV[1])
return 1
