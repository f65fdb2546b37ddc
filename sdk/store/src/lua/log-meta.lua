-- What is known of a log without its entries.
--
-- KEYS  1 list  2 meta  3 tails
-- Returns { last, head, generations, life }
-- @include include-life
local meta = redis.call('HMGET', KEYS[2], 'last', 'gens')
local last = tonumber(meta[1]) or 0
return { last, last - redis.call('LLEN', KEYS[1]) + 1, meta[2] or '', life_of(KEYS[3]) }
