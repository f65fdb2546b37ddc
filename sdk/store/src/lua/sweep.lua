-- Ends the graces of a partition that are due, and names the joins and leaves that were left unfinished.
--
-- KEYS  1 grace  2 online  3 presence stream  4 stream counts  5 unsettled
-- ARGV  1 prefix of presence keys  2 prefix of control keys  3 most clients a call  4 age in ms from which a join counts as
--       left unfinished  5 partition  6 hint channel prefix  7 bound of presence  8 ms that control state is kept
-- Returns { went offline, graces looked at, unfinished… }; the rest follows when as many were looked at as were asked for
-- @include include-clock
-- @include include-events
-- @include include-presence
local now = now_ms()
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
local offline = 0
for _, client in ipairs(due) do
  redis.call('ZREM', KEYS[1], client)
  -- The second condition is what makes it once: whoever takes the client off the list tells.
  if redis.call('EXISTS', ARGV[1] .. client) == 0 and redis.call('SREM', KEYS[2], client) == 1 then
    local control_key = ARGV[2] .. client
    local control = redis.call('HMGET', control_key, 'cause', 'meta')
    local cause = control[1] or '"connection":null,"shard":0,"device":null,"reason":null'
    emit(KEYS[3], KEYS[4], 'presence', ARGV[7], presence_event('offline', client, cause, now, control[2]))
    redis.call('HDEL', control_key, 'cause')
    redis.call('PEXPIRE', control_key, ARGV[8])
    offline = offline + 1
  end
end
if offline > 0 then wake(ARGV[6], 'presence', ARGV[5]) end
local reply = { offline, #due }
for _, operation in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now - tonumber(ARGV[4]), 'LIMIT', 0, ARGV[3])) do
  reply[#reply + 1] = operation
end
return reply
