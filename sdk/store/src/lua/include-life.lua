-- The life of a partition: what tells it from the one that it was before it lost everything (FLUSHALL). Kept with the tails, and
-- made by whoever asks first; two of them differ for sure within 194 days.
local function life_of(tails_key)
  local life = redis.call('HGET', tails_key, 'life')
  if not life then
    local time = redis.call('TIME')
    life = string.format('%06x%06x', time[1] % 16777216, time[2])
    redis.call('HSET', tails_key, 'life', life, 'born', time[1])
  end
  return life
end
