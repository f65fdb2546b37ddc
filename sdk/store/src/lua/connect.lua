-- A connection arrives: token spent, limits, entry, events, all that its shard must know, first page of the inbox.
--
-- KEYS  1 presence  2 memberships  3 cursors  4 control  5 token  6 tails  7 clients of the incarnation  8 incarnations
--       9 grace  10 fenced  11 online  12 presence stream  13 stream counts  14 inbox list  15 inbox meta
--       16 receipt watchers  17 receipts stream
-- ARGV  1 client  2 connection  3 shard  4 incarnation  5 device or ''  6 token issued at (ms)  7 token expires at (ms)
--       8 connection it continues or ''  9 metadata (JSON) or ''  10 replace 0|1  11 most connections
--       12 generation or ''  13 offset: the inbox position it brought  14 entries a page  15 bytes a page
--       16 partition  17 shard channel prefix  18 hint channel prefix  19 bound of presence  20 bound of receipts
--       21 most devices  22 ms that cursors are kept  23 life of the partition in which who moves was known, or ''
-- Returns { 'refused', why }
--      or { 'connected', first 0|1, since, memberships (flat), control (flat), replaced (flat), slice, inbox position the
--           slice was asked for ('' none), channel cursors (JSON) or '' }
-- @include include-presence
-- @include include-cursors
-- @include include-log-slice
-- @include include-life
local client, connection, shard, incarnation, device = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local continues, metadata, partition = ARGV[8], ARGV[9], ARGV[16]
local now = now_ms()

if redis.call('ZSCORE', KEYS[10], incarnation) then return { 'refused', 'fenced' } end
-- Forgotten with all else (FLUSHALL): the shard that it comes from has yet to tell what it knows.
if ARGV[23] ~= '' and ARGV[23] ~= life_of(KEYS[6]) then return { 'refused', 'store_unavailable' } end
local control_flat, control = redis.call('HGETALL', KEYS[4]), {}
for i = 1, #control_flat, 2 do control[control_flat[i]] = control_flat[i + 1] end
-- A disconnect that names the connection a move comes from is meant for the one it goes to as well.
if tonumber(ARGV[6]) <= (tonumber(control.refused) or 0) or control['x:' .. continues] then
  return { 'refused', 'token_revoked' }
end

local entries, others, known, is_moving = redis.call('HGETALL', KEYS[1]), {}, nil, false
for i = 1, #entries, 2 do
  local name = entries[i]
  if name == connection then
    known = entries[i + 1]
  elseif name == continues then
    -- Once: a second successor, or one that finds it gone, is an arrival like any other.
    is_moving = not control['v:' .. name]
  elseif not control['x:' .. name] then
    -- Connections on their way out make room.
    others[#others + 1] = name
    others[#others + 1] = entries[i + 1]
  end
end
-- The token of a move carries `replace` on; the connections it found then are gone already.
local is_replacing = ARGV[10] == '1' and continues == ''
if not is_replacing and #others / 2 >= tonumber(ARGV[11]) then return { 'refused', 'too_many_connections' } end
local spent_ms = int(math.max(tonumber(ARGV[7]) - now, 0) + 60000)
-- Its own connection may have spent it: then this is the same call repeated after a lost reply.
if not redis.call('SET', KEYS[5], connection, 'NX', 'PX', spent_ms) and redis.call('GET', KEYS[5]) ~= connection then
  return { 'refused', 'token_used' }
end

local since = known and parse_connection(known).since or int(now)
redis.call('HSET', KEYS[1], connection, shard .. '|' .. incarnation .. '|' .. since .. '|' .. device)
if redis.call('SADD', KEYS[7], client) == 1 then redis.call('ZADD', KEYS[8], 'NX', now, incarnation) end
local is_first = redis.call('SADD', KEYS[11], client)
if #entries == 0 then
  if is_first == 0 then redis.call('ZREM', KEYS[9], client) end
  if #control_flat > 0 then redis.call('PERSIST', KEYS[4]) end
end

if metadata ~= '' then
  if metadata ~= control.meta then redis.call('HSET', KEYS[4], 'meta', metadata) end
elseif is_first == 1 and control.meta then
  redis.call('HDEL', KEYS[4], 'meta')
else
  metadata = control.meta
end
if is_moving then redis.call('HSET', KEYS[4], 'v:' .. continues, 1) end
local replaced = is_replacing and others or {}
if #replaced > 0 then
  local texts = {}
  for i = 1, #replaced, 2 do
    redis.call('HSET', KEYS[4], 'x:' .. replaced[i], int(now) .. ' replaced')
    texts[#texts + 1] = replaced[i + 1]
  end
  tell_shards(texts, KEYS[6], ARGV[17], partition, client)
end

if not known and (is_first == 1 or not is_moving) then
  local cause = event_cause(connection, { shard = shard, device = device }, '')
  local json = metadata ~= '' and metadata or nil
  if is_first == 1 then
    emit(KEYS[12], KEYS[13], 'presence', ARGV[19], presence_event('online', client, cause, now, json))
  end
  if not is_moving then
    emit(KEYS[12], KEYS[13], 'presence', ARGV[19], presence_event('connected', client, cause, now, json))
  end
  wake(ARGV[18], 'presence', partition)
end

local asked = ARGV[12] ~= '' and (ARGV[12] .. '.' .. ARGV[13]) or ''
if asked ~= '' then
  -- Who brings a position has what came before it.
  local keys = { cursors = KEYS[3], meta = KEYS[15], watchers = KEYS[16], memberships = KEYS[2], receipts = KEYS[17], counts = KEYS[13] }
  local context = { devices = tonumber(ARGV[21]), ttl_ms = ARGV[22], receipts_bound = ARGV[20], hint_prefix = ARGV[18] }
  if store_cursors(keys, context, client, device, asked, '', now) > 0 then wake(ARGV[18], 'receipts', partition) end
end
local cursors = redis.call('HMGET', KEYS[3], 'c', 'd:' .. device, 'h:' .. device)
if device ~= '' then
  -- A device that is new here starts where the client is, and from now on keeps its own place.
  if not cursors[2] then drop_oldest_device(KEYS[3], tonumber(ARGV[21])) end
  local position = cursors[2] and string.match(cursors[2], '^%S+') or cursors[1]
  redis.call('HSET', KEYS[3], 'd:' .. device, (position or '0.0') .. ' ' .. int(now))
  cursors[1] = position
end
if asked == '' then asked = cursors[1] or '' end
if cursors[1] or device ~= '' then redis.call('PEXPIRE', KEYS[3], ARGV[22]) end
local generation, offset = split_position(asked)

return {
  'connected', is_first, since, redis.call('HGETALL', KEYS[2]), control_flat, replaced,
  log_slice(KEYS[14], KEYS[15], KEYS[6], generation or '', offset or 0, tonumber(ARGV[14]), tonumber(ARGV[15])),
  asked, device ~= '' and cursors[3] or '',
}
