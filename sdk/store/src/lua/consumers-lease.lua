-- A consumer says that it lives and takes its even share of the partitions: what is free up to the share, nothing new above
-- it. What it holds above its share is neither renewed nor returned, and stays its own until it lets go or the time is over.
--
-- KEYS  1 consumers
-- ARGV  1 consumer  2 ttl (ms)  3 number of partitions
-- Returns { partition, token, new 0|1, … }
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local until_ms = now + tonumber(ARGV[2])
local partitions = tonumber(ARGV[3])

local fields = redis.call('HGETALL', KEYS[1])
local holders, alive, token = {}, 1, 0
for i = 1, #fields, 2 do
  local kind, name = string.match(fields[i], '^(%a+):?(.*)$')
  if kind == 'p' then
    local held_token, held_until, consumer = string.match(fields[i + 1], '^(%d+) (%d+) (.*)$')
    holders[tonumber(name)] = { token = held_token, until_ms = tonumber(held_until), consumer = consumer }
  elseif kind == 'token' then
    token = tonumber(fields[i + 1])
  elseif name ~= ARGV[1] then
    if tonumber(fields[i + 1]) > now then alive = alive + 1 else redis.call('HDEL', KEYS[1], fields[i]) end
  end
end

local share, held = math.ceil(partitions / alive), 0
local changes, reply = { 'c:' .. ARGV[1], string.format('%.0f', until_ms) }, {}
local function hold(partition, its_token, is_new)
  held = held + 1
  changes[#changes + 1] = 'p:' .. partition
  changes[#changes + 1] = its_token .. ' ' .. string.format('%.0f', until_ms) .. ' ' .. ARGV[1]
  reply[#reply + 1] = partition
  reply[#reply + 1] = its_token
  reply[#reply + 1] = is_new
end
for partition = 0, partitions - 1 do
  local holder = holders[partition]
  if holder and holder.consumer == ARGV[1] and held < share then hold(partition, holder.token, 0) end
end
for partition = 0, partitions - 1 do
  local holder = holders[partition]
  local is_free = not holder or (holder.until_ms <= now and holder.consumer ~= ARGV[1])
  if is_free and held < share then
    -- Microseconds, so that tokens go on growing where this key was lost and the partitions' were not.
    token = math.max(token + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
    hold(partition, string.format('%.0f', token), 1)
  end
end
changes[#changes + 1] = 'token'
changes[#changes + 1] = string.format('%.0f', token)
redis.call('HSET', KEYS[1], unpack(changes))
redis.call('PEXPIRE', KEYS[1], 30 * 86400000)
return reply
