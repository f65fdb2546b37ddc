-- A shard has a connected member: interest first, then the log, so that nothing falls between.
--
-- KEYS  1 fenced  2 interest  3 channels the incarnation follows  4 incarnations  5 channel list  6 channel meta
--       7 tails
-- ARGV  1 channel  2 shard  3 incarnation  4 generation or '' for the tail  5 offset  6 generation of the join or ''
--       7 offset of the join  8 entries a page  9 bytes a page
-- Returns 'fenced' or { slice, 'after'|'join'|'tail': which of the positions it was read from, that position }
-- @include include-clock
-- @include include-log-slice
if redis.call('ZSCORE', KEYS[1], ARGV[3]) then return 'fenced' end
redis.call('HSET', KEYS[2], ARGV[2] .. '|' .. ARGV[3], 1)
redis.call('SADD', KEYS[3], ARGV[2] .. ' ' .. ARGV[1])
redis.call('ZADD', KEYS[4], 'NX', now_ms(), ARGV[3])

local meta = redis.call('HMGET', KEYS[6], 'gen', 'last', 'gens')
local generation, offset, from = ARGV[4], tonumber(ARGV[5]), 'after'
if generation == '' then
  generation, offset, from = meta[1] or '', tonumber(meta[2]) or 0, 'tail'
elseif ARGV[6] ~= '' then
  local log = parse_generations(meta[3], meta[2])
  local joined = effective_offset(log, ARGV[6], tonumber(ARGV[7]))
  -- What was said before the join is not the member's to read.
  if joined > effective_offset(log, generation, offset) then
    generation, offset, from = ARGV[6], tonumber(ARGV[7]), 'join'
  end
end
local slice = log_slice(KEYS[5], KEYS[6], KEYS[7], generation, offset, tonumber(ARGV[8]), tonumber(ARGV[9]))
return { slice, from, generation ~= '' and (generation .. '.' .. int(offset)) or '0.0' }
