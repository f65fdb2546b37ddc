-- Names connections to be closed and tells their shards; on request refuses the tokens issued until now.
--
-- KEYS  1 presence  2 control  3 tails  4 grace
-- ARGV  1 client  2 connection or '' for all  3 reason  4 refuse tokens 0|1  5 partition  6 shard channel prefix
--       7 ms that control state is kept
-- Returns how many connections were named
-- @include include-clock
-- @include include-presence
local now = now_ms()
local entries = redis.call('HGETALL', KEYS[1])
local named = {}
for i = 1, #entries, 2 do
  if ARGV[2] == '' or ARGV[2] == entries[i] then
    redis.call('HSET', KEYS[2], 'x:' .. entries[i], int(now) .. ' ' .. ARGV[3])
    named[#named + 1] = entries[i + 1]
  end
end
if ARGV[4] == '1' then redis.call('HSET', KEYS[2], 'refused', int(now)) end
if #entries == 0 then
  redis.call('PEXPIRE', KEYS[2], ARGV[7])
  -- Nobody is to be waited for any more.
  if ARGV[2] == '' then redis.call('ZADD', KEYS[4], 'XX', now, ARGV[1]) end
end
tell_shards(ARGV[4] == '1' and redis.call('HVALS', KEYS[1]) or named, KEYS[3], ARGV[6], ARGV[5], ARGV[1])
return #named
