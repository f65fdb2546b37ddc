-- A write of a connection's own, so that its WAIT covers everything that the master took before. Without one, WAIT on a
-- connection that has written nothing confirms at once, whatever the replicas lack.
--
-- KEYS  1 a key of any partition that the master holds
-- ARGV  1 ms that the key lives
-- Returns the beginning of the master's replication id: the life that did the write
redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
return string.match(redis.call('INFO', 'replication'), 'master_replid:(%w%w%w%w%w%w)')
