-- Ends a consumer group in a partition: nothing waits for it any more.
--
-- KEYS  1 consumer group  2 consumer groups  3 dead letters
-- ARGV  1 group
-- Returns 1
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('SREM', KEYS[2], ARGV[1])
return 1
