-- Whether the client's cursor passed a position of its inbox; on request watches for it.
--
-- KEYS  1 cursors  2 inbox list  3 inbox meta  4 presence  5 receipt watchers
-- ARGV  1 generation  2 offset  3 instance to be told or ''  4 ms a watcher lives
-- Returns 'delivered', 'waiting', 'offline' or 'expired'
-- @include include-clock
-- @include include-generations
local generation, offset = ARGV[1], tonumber(ARGV[2])
local meta = redis.call('HMGET', KEYS[3], 'gens', 'last')
local log = parse_generations(meta[1], meta[2])
-- Unknown, from the future, or lost with the end of its generation.
local is_known = place_of(log, generation) > 0 and effective_offset(log, generation, offset) == offset
-- Generations that ended before the retained head are forgotten, but not what their offsets stood for.
local is_old = log[1] and place_of(log, generation) == 0 and offset < log[1].first
if not is_known and not is_old then return 'expired' end
local own_generation, own_offset = split_position(redis.call('HGET', KEYS[1], 'c'))
if own_generation and effective_offset(log, own_generation, own_offset) >= offset then return 'delivered' end
if offset <= tonumber(meta[2]) - redis.call('LLEN', KEYS[2]) then return 'expired' end
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[5], offset, 'h ' .. generation .. ' ' .. int(now_ms() + tonumber(ARGV[4])) .. ' ' .. ARGV[3])
  -- Receipts of the append script in the same set may live longer.
  if redis.call('PTTL', KEYS[5]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[5], ARGV[4]) end
end
return redis.call('EXISTS', KEYS[4]) == 1 and 'waiting' or 'offline'
