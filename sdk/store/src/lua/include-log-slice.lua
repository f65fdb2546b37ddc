-- @include include-generations
-- @include include-life

-- A page of a log after a position ('' for all that is retained). Where the position is not to be had, the page starts at
-- the nearest one that is. Reply: { last, head, generations, life, start offset, entries… }; the caller judges whether that is
-- a recovery. At least one entry, then as many as fit `limit` and `max_bytes`.
local function log_slice(list_key, meta_key, tails_key, generation, offset, limit, max_bytes)
  local meta = redis.call('HMGET', meta_key, 'last', 'gens')
  local last = tonumber(meta[1]) or 0
  local head = last - redis.call('LLEN', list_key) + 1
  local start = head - 1
  if generation ~= '' then
    start = math.max(start, effective_offset(parse_generations(meta[2], last), generation, offset))
  end
  local reply = { last, head, meta[2] or '', life_of(tails_key), start }
  local bytes, next_offset = 0, start + 1
  local beyond = math.min(last, start + limit) + 1
  -- In steps, because entries can be large and the bound is on bytes.
  while next_offset < beyond do
    local step = math.min(16, beyond - next_offset)
    local entries = redis.call('LRANGE', list_key, next_offset - head, next_offset - head + step - 1)
    for _, entry in ipairs(entries) do
      bytes = bytes + #entry
      if bytes > max_bytes and #reply > 5 then return reply end
      reply[#reply + 1] = entry
    end
    next_offset = next_offset + step
  end
  return reply
end
