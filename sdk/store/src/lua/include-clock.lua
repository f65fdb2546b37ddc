-- Milliseconds since 1970 by the store's clock, the only clock that scripts go by.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A whole number as text; Lua's own conversion would write large ones with an exponent.
local function int(number)
  return string.format('%.0f', number)
end
