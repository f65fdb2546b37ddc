-- @include include-clock
-- A connection's entry in its client's presence hash: `shard|incarnation|since|device`, no device being the empty text.
local function parse_connection(text)
  local shard, incarnation, since, device = string.match(text, '^(%d+)|([^|]*)|(%d+)|(.*)$')
  return { shard = shard, incarnation = incarnation, since = since, device = device }
end

-- The middle of a presence event: which connection it is about and why. Kept through the grace for the `offline` event.
local function event_cause(connection, entry, reason)
  local device = entry.device == '' and 'null' or cjson.encode(entry.device)
  return '"connection":' .. cjson.encode(connection) .. ',"shard":' .. entry.shard .. ',"device":' .. device
    .. ',"reason":' .. (reason == '' and 'null' or cjson.encode(reason))
end

-- `metadata` is JSON text or false.
local function presence_event(kind, client, cause, at, metadata)
  local json = '{"type":"' .. kind .. '","clientId":' .. cjson.encode(client) .. ',' .. cause .. ',"at":' .. int(at)
  return json .. (metadata and (',"metadata":' .. metadata) or '') .. '}'
end

-- Counts up the tails of the shards that hold connections in `entries` (texts) and tells each to reread the client.
local function tell_shards(entries, tails_key, shard_prefix, partition, client)
  local told = {}
  for _, text in ipairs(entries) do
    local shard = string.match(text, '^%d+')
    if not told[shard] then
      told[shard] = true
      local tail = redis.call('HINCRBY', tails_key, shard, 1)
      redis.call('PUBLISH', shard_prefix .. shard, 'c ' .. partition .. ' ' .. tail .. '\n' .. client)
    end
  end
end
