-- What business changed for a client.
--
-- KEYS  1 memberships  2 control
-- Returns { memberships (flat), control (flat) }
return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]) }
