-- One message to whoever is connected now, kept nowhere.
--
-- KEYS  1 routes: presence of the client (values name shards) or interest of the channel (fields do)
-- ARGV  1 `<i|c> <id length>\n<id>`  2 entry without its time  3 shard channel prefix
-- Returns how many shards were named
local routes = redis.call(string.byte(ARGV[1]) == 105 and 'HVALS' or 'HKEYS', KEYS[1])
if #routes == 0 then return 0 end
local time = redis.call('TIME')
local text = 'l ' .. ARGV[1] .. string.format('%.0f ', time[1] * 1000 + math.floor(time[2] / 1000)) .. ARGV[2]
local told, count = {}, 0
for _, route in ipairs(routes) do
  local shard = string.match(route, '^%d+')
  if not told[shard] then
    told[shard] = true
    count = count + 1
    redis.call('PUBLISH', ARGV[3] .. shard, text)
  end
end
return count
