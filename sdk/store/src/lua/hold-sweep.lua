-- Takes or renews the right to sweep and reap.
--
-- KEYS  1 holder
-- ARGV  1 who  2 for how long (ms)
-- Returns 1, or 0 when another holds it
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
