-- Needs include-generations.

-- A page of a log after a position ('' for all that is retained). Where the position is not to be had, the page starts at
-- the nearest one that is. Reply: { last, head, generations, start offset, entries… }; the caller judges whether that is a
-- recovery. At least one entry, then as many as fit `limit` and `max_bytes`.
local function log_slice(list_key, meta_key, generation, offset, limit, max_bytes)
  local meta = redis.call('HMGET', meta_key, 'last', 'gens')
  local last = tonumber(meta[1]) or 0
  local head = last - redis.call('LLEN', list_key) + 1
  local start = head - 1
  if generation ~= '' then
    start = math.max(start, effective_offset(parse_generations(meta[2], last), generation, offset))
  end
  local reply = { last, head, meta[2] or '', start }
  local entries = redis.call('LRANGE', list_key, start + 1 - head, start - head + limit)
  local bytes = 0
  for i, entry in ipairs(entries) do
    bytes = bytes + #entry
    if i > 1 and bytes > max_bytes then break end
    reply[#reply + 1] = entry
  end
  return reply
end
