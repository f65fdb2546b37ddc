-- @include include-life

-- Whether a partition's life began less than a minute ago: shards may still tell it what they know from the one before.
local function is_young(tails_key)
  life_of(tails_key)
  return redis.call('TIME')[1] - (redis.call('HGET', tails_key, 'born') or 0) < 60
end
