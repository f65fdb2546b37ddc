-- A connection ends. The last one of a client starts its grace, or ends its presence at once. Safe to repeat.
--
-- KEYS  1 presence  2 memberships  3 cursors  4 control  5 clients of the incarnation  6 grace  7 fenced  8 online
--       9 presence stream  10 stream counts  11 inbox meta  12 receipt watchers  13 receipts stream  14 token
--       15 tails
-- ARGV  1 client  2 connection  3 incarnation  4 grace (ms)  5 reason  6 device of the cursors or ''  7 inbox cursor or ''
--       8 channel cursors (JSON) or ''  9 whether cursors came 0|1  10 partition  11 hint channel prefix
--       12 bound of presence  13 bound of receipts  14 most devices  15 ms that cursors are kept
--       16 ms for which what arrives after this is refused  17 1: a connect or reassert of it may still be under way, else 0
--       18 life of the partition in which the store knew it or '', then  19 shard  20 device or ''
--       21 grace (ms) where the store has forgotten it
-- Returns 'disconnected' or 'fenced'
-- @include include-presence
-- @include include-cursors
-- @include include-life
local client, connection, incarnation, partition = ARGV[1], ARGV[2], ARGV[3], ARGV[10]
if redis.call('ZSCORE', KEYS[7], incarnation) then return 'fenced' end
local now = now_ms()

if ARGV[9] == '1' then
  local keys = { cursors = KEYS[3], meta = KEYS[11], watchers = KEYS[12], memberships = KEYS[2], receipts = KEYS[13], counts = KEYS[10] }
  local context = { devices = tonumber(ARGV[14]), ttl_ms = ARGV[15], receipts_bound = ARGV[13], hint_prefix = ARGV[11], keeps_unknown = true }
  if store_cursors(keys, context, client, ARGV[6], ARGV[7], ARGV[8], now) > 0 then wake(ARGV[11], 'receipts', partition) end
end

local entries, entry = redis.call('HGETALL', KEYS[1]), nil
local is_last, is_last_here = true, true
for i = 1, #entries, 2 do
  local parsed = parse_connection(entries[i + 1])
  if entries[i] == connection then
    entry = parsed
  else
    is_last = false
    if parsed.incarnation == incarnation then is_last_here = false end
  end
end
local grace_ms = tonumber(ARGV[4])
-- Forgotten with all else (FLUSHALL): it is as if it had been there. Once; the token says so afterwards.
local is_forgotten = not entry and ARGV[18] ~= '' and ARGV[18] ~= life_of(KEYS[15])
if is_forgotten and redis.call('SET', KEYS[14], '', 'NX', 'PX', ARGV[16]) then
  entry = { shard = ARGV[19], device = ARGV[20], incarnation = incarnation }
  -- Other shards may have to say yet that the client is connected there.
  grace_ms = math.max(grace_ms, tonumber(ARGV[21]))
  redis.call('SADD', KEYS[8], client)
end
-- Nobody would ever take away the entry of what comes after its end.
if ARGV[17] == '1' then
  local spent_by = redis.call('GET', KEYS[14])
  if not spent_by or spent_by == connection then redis.call('SET', KEYS[14], '', 'PX', ARGV[16]) end
end
if not entry or entry.incarnation ~= incarnation then return 'disconnected' end

redis.call('HDEL', KEYS[1], connection)
if is_last_here then redis.call('SREM', KEYS[5], client) end
local control = redis.call('HMGET', KEYS[4], 'meta', 'v:' .. connection, 'x:' .. connection)
local metadata, was_moved = control[1], control[2]
if was_moved or control[3] then redis.call('HDEL', KEYS[4], 'v:' .. connection, 'x:' .. connection) end

local cause = event_cause(connection, entry, ARGV[5])
local events = 0
if not was_moved then
  emit(KEYS[9], KEYS[10], 'presence', ARGV[12], presence_event('disconnected', client, cause, now, metadata))
  events = events + 1
end
if is_last and grace_ms > 0 then
  redis.call('ZADD', KEYS[6], now + grace_ms, client)
  redis.call('HSET', KEYS[4], 'cause', cause)
elseif is_last then
  redis.call('PEXPIRE', KEYS[4], ARGV[15])
  if redis.call('SREM', KEYS[8], client) == 1 then
    emit(KEYS[9], KEYS[10], 'presence', ARGV[12], presence_event('offline', client, cause, now, metadata))
    events = events + 1
  end
end
if events > 0 then wake(ARGV[11], 'presence', partition) end
return 'disconnected'
