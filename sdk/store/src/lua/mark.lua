-- A write of a connection's own, so that its WAIT covers everything that the master took before: WAIT is about the writes of
-- its connection, and on one that has written nothing it confirms at once, whatever the replicas lack. (Redis 7.0 counts any
-- command of it; nothing promises that.)
--
-- KEYS  1 a key of any partition that the master holds
-- ARGV  1 ms that the key lives
-- Returns the beginning of the master's replication id: the life that did the write
redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
return string.match(redis.call('INFO', 'replication'), 'master_replid:(%w%w%w%w%w%w)')
