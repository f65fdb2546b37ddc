-- First of three steps of a join or leave: marks it at the client, the side that is believed.
--
-- KEYS  1 memberships  2 unsettled  3 tails  4 the request, where it has an id
-- ARGV  1 channel  2 client  3 j (join) or l (leave)  4 operation, unique  5 ms that the request is remembered
-- Returns { 'done', value }: nothing to do, the client's value as it is or ''
--      or { 'begun', value }: the value that the third step must still find
-- @include include-clock
-- @include include-young
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local state, position = string.match(value, '^(%a) %S+ (.*)$')
if state == 'x' then state = nil end
-- A shard that slept may come with what the client has asked another one for meanwhile: what came after that stands.
if KEYS[4] and not redis.call('SET', KEYS[4], 1, 'NX', 'PX', ARGV[5]) then
  return { (state == 'j' or state == 'l') and 'begun' or 'done', value }
end
local is_done = state == 'c'
if ARGV[3] == 'l' then
  is_done = not state
  -- So that no shard writes it again that has not heard of the leave.
  if is_done and value == '' and is_young(KEYS[3]) then redis.call('HSET', KEYS[1], ARGV[1], 'x ' .. ARGV[4] .. ' ') end
end
if is_done then return { 'done', value } end
-- A join that goes on from an earlier one keeps its place; one after a leave starts anew, also where the channel has not heard
-- of that leave ('-').
if ARGV[3] == 'j' and state ~= 'j' then position = state == 'l' and '-' or '' end
value = ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. (position or '')
redis.call('HSET', KEYS[1], ARGV[1], value)
redis.call('ZADD', KEYS[2], now_ms(), cjson.encode({ ARGV[1], ARGV[2], ARGV[4] }))
return { 'begun', value }
