-- Fences an incarnation in a partition, then takes away what it held there, a batch a call. Safe to repeat.
--
-- KEYS  1 fenced  2 clients of the incarnation  3 incarnations  4 grace  5 presence stream  6 stream counts
--       7 channels it follows
-- ARGV  1 incarnation  2 grace (ms)  3 most a call  4 prefix of presence keys  5 prefix of control keys
--       6 prefix of interest keys  7 partition  8 hint channel prefix  9 bound of presence  10 ms a fence is kept
-- Returns { clients touched, more 0|1 }
-- @include include-clock
-- @include include-events
-- @include include-presence
local incarnation, most = ARGV[1], tonumber(ARGV[3])
local now = now_ms()
redis.call('ZADD', KEYS[1], now, incarnation)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[10]))
redis.call('ZREM', KEYS[3], incarnation)

-- Takes the incarnation's connections out of one client's entry; a last one starts the grace.
local events = 0
local function take_away(client)
  local presence_key, control_key = ARGV[4] .. client, ARGV[5] .. client
  local entries = redis.call('HGETALL', presence_key)
  local left, cause = #entries / 2, nil
  for i = 1, #entries, 2 do
    local entry = parse_connection(entries[i + 1])
    if entry.incarnation == incarnation then
      local connection = entries[i]
      redis.call('HDEL', presence_key, connection)
      local was_moved = redis.call('HDEL', control_key, 'v:' .. connection) == 1
      redis.call('HDEL', control_key, 'x:' .. connection)
      left = left - 1
      cause = event_cause(connection, entry, 'shard lost')
      if not was_moved then
        local metadata = redis.call('HGET', control_key, 'meta')
        emit(KEYS[5], KEYS[6], 'presence', ARGV[9], presence_event('disconnected', client, cause, now, metadata))
        events = events + 1
      end
    end
  end
  if left == 0 and cause then
    redis.call('ZADD', KEYS[4], now + tonumber(ARGV[2]), client)
    redis.call('HSET', control_key, 'cause', cause)
  end
end

local clients = redis.call('SPOP', KEYS[2], most)
for _, client in ipairs(clients) do take_away(client) end
local followed = redis.call('SPOP', KEYS[7], most)
for _, text in ipairs(followed) do
  local shard, channel = string.match(text, '^(%d+) (.*)$')
  redis.call('HDEL', ARGV[6] .. channel, shard .. '|' .. incarnation)
end
if events > 0 then wake(ARGV[8], 'presence', ARGV[7]) end
return { #clients, (#clients == most or #followed == most) and 1 or 0 }
