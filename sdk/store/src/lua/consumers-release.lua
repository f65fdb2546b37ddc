-- A consumer lets go of partitions; without any left it is counted among the live ones no more.
--
-- KEYS  1 consumers
-- ARGV  1 consumer, then partition and token of each lease
-- Returns 1
for i = 2, #ARGV, 2 do
  local field = 'p:' .. ARGV[i]
  local token, _, consumer = string.match(redis.call('HGET', KEYS[1], field) or '', '^(%d+) (%d+) (.*)$')
  if token == ARGV[i + 1] and consumer == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.match(fields[i + 1], '^%d+ %d+ (.*)$') == ARGV[1] then return 1 end
end
redis.call('HDEL', KEYS[1], 'c:' .. ARGV[1])
return 1
