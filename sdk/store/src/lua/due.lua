-- Partitions in which a grace is over, or a join or leave was left unfinished.
--
-- KEYS  of each partition: grace, unsettled
-- ARGV  1 age in ms from which a join or leave counts as left unfinished
-- Returns their places among those asked about, from 0 on
-- @include include-clock
local now = now_ms()
local due = {}
for i = 1, #KEYS, 2 do
  local is_due = #redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', now, 'LIMIT', 0, 1) > 0
    or #redis.call('ZRANGEBYSCORE', KEYS[i + 1], '-inf', now - tonumber(ARGV[1]), 'LIMIT', 0, 1) > 0
  if is_due then due[#due + 1] = (i - 1) / 2 end
end
return due
