-- Events after an id, for one who only looks on; notes that there is such a one.
--
-- KEYS  1 stream  2 tailed
-- ARGV  1 id, or '' to learn the last one  2 most  3 ms the note lasts
-- Returns { last id, id, event, id, event… }
redis.call('SET', KEYS[2], 1, 'PX', ARGV[3])
if ARGV[1] == '' then
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  return { newest and newest[1] or '0-0' }
end
local entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
local reply = { #entries > 0 and entries[#entries][1] or ARGV[1] }
for _, entry in ipairs(entries) do
  reply[#reply + 1] = entry[1]
  reply[#reply + 1] = entry[2][4]
end
return reply
