-- Writes a live connection again where the store does not know it, or knows it under an earlier incarnation of its shard.
--
-- KEYS  1 presence  2 control  3 clients of the incarnation  4 incarnations  5 grace  6 fenced  7 online
--       8 presence stream  9 stream counts  10 token  11 memberships  12 unsettled  13 tails
-- ARGV  1 client  2 connection  3 shard  4 incarnation  5 since (ms)  6 device or ''  7 metadata (JSON) or ''
--       8 partition  9 hint channel prefix  10 bound of presence  11 what precedes an incarnation in KEYS[3]
--       12 shard channel prefix  13 operation, unique
--       14 life of the partition in which the shard learnt of the client, then its channels
-- Returns 'fenced' or { what was done, life of the partition }
--         what: 'asserted' or 'present'; 'ended': its end was told before this came; 'restored': memberships as well, which
--         the store had lost. Their channels' sides are to be settled.
-- @include include-clock
-- @include include-events
-- @include include-presence
-- @include include-life
local client, connection, incarnation = ARGV[1], ARGV[2], ARGV[4]
if redis.call('ZSCORE', KEYS[6], incarnation) then return 'fenced' end
local life = life_of(KEYS[13])
if redis.call('GET', KEYS[10]) == '' then return { 'ended', life } end
local now = now_ms()

local known = redis.call('HGET', KEYS[1], connection)
local earlier = known and parse_connection(known).incarnation
redis.call('HSET', KEYS[1], connection, ARGV[3] .. '|' .. incarnation .. '|' .. ARGV[5] .. '|' .. ARGV[6])
redis.call('SADD', KEYS[3], client)
redis.call('ZADD', KEYS[4], 'NX', now, incarnation)
redis.call('ZREM', KEYS[5], client)
if ARGV[7] ~= '' then redis.call('HSETNX', KEYS[2], 'meta', ARGV[7]) end
redis.call('PERSIST', KEYS[2])

if earlier and earlier ~= incarnation then
  local is_left = false
  for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
    if parse_connection(text).incarnation == earlier then is_left = true end
  end
  if not is_left then redis.call('SREM', ARGV[11] .. earlier, client) end
end
local events = 0
local function tell(kind)
  local cause = event_cause(connection, { shard = ARGV[3], device = ARGV[6] }, '')
  emit(KEYS[8], KEYS[9], 'presence', ARGV[10], presence_event(kind, client, cause, now, redis.call('HGET', KEYS[2], 'meta')))
  events = events + 1
end
if redis.call('SADD', KEYS[7], client) == 1 then tell('online') end
if not known then tell('connected') end
if events > 0 then wake(ARGV[9], 'presence', ARGV[8]) end

-- In another life the store knows of no membership from before: those of connected clients are known here.
local restored = 0
if ARGV[14] ~= '' and ARGV[14] ~= life then
  for i = 15, #ARGV do
    local state = string.match(redis.call('HGET', KEYS[11], ARGV[i]) or '', '^%a')
    -- Business may be joining it anew: it has been a member all the time.
    if not state or state == 'j' then
      -- What is in the channel's log now was said while the client was a member.
      redis.call('HSET', KEYS[11], ARGV[i], 'c ' .. ARGV[13] .. ' 0.0')
      redis.call('ZADD', KEYS[12], now, cjson.encode({ ARGV[i], client, ARGV[13] }))
      restored = restored + 1
    end
  end
end
if restored > 0 then
  -- A connection that came in between has found none.
  tell_shards(redis.call('HVALS', KEYS[1]), KEYS[13], ARGV[12], ARGV[8], client)
  return { 'restored', life }
end
return { earlier == incarnation and 'present' or 'asserted', life }
