-- First of three steps of a join or leave: marks it at the client, the side that is believed.
--
-- KEYS  1 memberships  2 unsettled
-- ARGV  1 channel  2 client  3 j (join) or l (leave)  4 operation, unique
-- Returns { 'done', value }: nothing to do, the client's value as it is or ''
--      or { 'begun', value }: the value that the third step must still find
-- @include include-clock
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local state, position = string.match(value, '^(%a) %S+ (.*)$')
local is_done = state == 'c'
if ARGV[3] == 'l' then is_done = not state end
if is_done then return { 'done', value } end
-- A join that goes on from an earlier one keeps its place; one after a leave starts anew.
if ARGV[3] == 'j' and state == 'l' then position = '' end
value = ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. (position or '')
redis.call('HSET', KEYS[1], ARGV[1], value)
redis.call('ZADD', KEYS[2], now_ms(), cjson.encode({ ARGV[1], ARGV[2], ARGV[4] }))
return { 'begun', value }
