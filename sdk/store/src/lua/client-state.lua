-- What business changed for a client.
--
-- KEYS  1 memberships  2 control  3 tails
-- Returns { memberships (flat), control (flat), life of the partition }
-- @include include-life
return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]), life_of(KEYS[3]) }
