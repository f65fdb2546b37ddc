-- Ends a consumer group in a partition: nothing waits for it any more.
--
-- KEYS  1 consumer group  2 consumer groups  3 dead letters  4 stream
-- ARGV  1 group  2 trim what all groups left acknowledged 0|1  3 prefix of consumer group keys
-- Returns 1
-- @include include-ack
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('SREM', KEYS[2], ARGV[1])
if ARGV[2] == '1' then trim_acknowledged(KEYS[4], KEYS[2], ARGV[3]) end
return 1
