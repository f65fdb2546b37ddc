-- Appends an event to a stream of this partition. Entries carry a running number, so that a backlog is a subtraction.
local function emit(stream_key, count_key, stream, bound, json)
  local number = redis.call('HINCRBY', count_key, stream, 1)
  redis.call('XADD', stream_key, 'MAXLEN', '~', bound, '*', 'n', number, 'e', json)
end

-- Wakes those who wait for events of this partition; they would also find them by polling.
local function wake(hint_prefix, stream, partition)
  redis.call('PUBLISH', hint_prefix .. 'events', stream .. ' ' .. partition)
end
