-- A log's list of generations, `generation:first,generation:first…`, as { name, first, ending } oldest first. A generation
-- ends where the next one begins: offsets beyond were given out by a master that is gone, and were lost with it.
local function parse_generations(text, last)
  local log = {}
  for name, first in string.gmatch(text or '', '([^:,]+):(%d+)') do
    if #log > 0 then log[#log].ending = tonumber(first) - 1 end
    log[#log + 1] = { name = name, first = tonumber(first), ending = tonumber(last) or 0 }
  end
  return log
end

-- 1 for the oldest generation; 0 for one that the log does not know, which includes the start of every log.
local function place_of(log, generation)
  for i = #log, 1, -1 do
    if log[i].name == generation then return i end
  end
  return 0
end

-- The offset up to which somebody who stands at the position has what the log holds now.
local function effective_offset(log, generation, offset)
  local place = place_of(log, generation)
  if place == 0 then return 0 end
  return math.min(offset, log[place].ending)
end

local function split_position(text)
  local generation, offset = string.match(text or '', '^(%x+)%.(%d+)')
  if not generation then return nil, nil end
  return generation, tonumber(offset)
end
