-- Mirrors the shard map. An older epoch is refused, so a late writer cannot take the map back.
--
-- KEYS  1 map
-- ARGV  1 epoch  2 map (JSON)  3 hint channel
-- Returns 'published' (also for the very map that is there) or 'stale' (an older epoch, or the same one with other content)
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'map')
local epoch = tonumber(ARGV[1])
if stored[1] then
  if tonumber(stored[1]) > epoch then return 'stale' end
  if tonumber(stored[1]) == epoch then return stored[2] == ARGV[2] and 'published' or 'stale' end
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'map', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[1])
return 'published'
