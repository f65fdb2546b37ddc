-- The oldest events that a consumer group did not acknowledge.
--
-- KEYS  1 consumer group  2 consumer groups  3 stream  4 stream counts
-- ARGV  1 token  2 group  3 stream  4 most
-- Returns { 0 } when the lease is lost, else { 1, attempts of the first one, id, event, id, event… }
-- @include include-group
local keys = { group = KEYS[1], groups = KEYS[2], stream = KEYS[3], counts = KEYS[4] }
if not admit(keys, ARGV[1], ARGV[2], ARGV[3]) then return { 0 } end
local group = redis.call('HMGET', keys.group, 'acked', 'head', 'attempts')
local entries = redis.call('XRANGE', keys.stream, '(' .. group[1], '+', 'COUNT', ARGV[4])
if #entries == 0 then return { 1, 0 } end
local attempts = 1
if group[2] == entries[1][1] then attempts = tonumber(group[3]) + 1 end
redis.call('HSET', keys.group, 'head', entries[1][1], 'attempts', attempts)
local reply = { 1, attempts }
for _, entry in ipairs(entries) do
  reply[#reply + 1] = entry[1]
  reply[#reply + 1] = entry[2][4]
end
return reply
