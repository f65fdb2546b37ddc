-- Replaces the grants of a client's tokens issued until now, or takes that back.
--
-- KEYS  1 presence  2 control  3 tails
-- ARGV  1 client  2 grants (JSON) or ''  3 partition  4 shard channel prefix  5 ms that control state is kept
-- Returns 1
-- @include include-clock
-- @include include-presence
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[2], 'grants', 'granted')
else
  redis.call('HSET', KEYS[2], 'grants', ARGV[2], 'granted', int(now_ms()))
end
local entries = redis.call('HVALS', KEYS[1])
if #entries == 0 then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
tell_shards(entries, KEYS[3], ARGV[4], ARGV[3], ARGV[1])
return 1
