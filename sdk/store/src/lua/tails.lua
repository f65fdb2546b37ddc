-- The tail numbers of a shard in many partitions, and the lives of those. On a cluster, whose slots the keys are all over, one
-- partition a call.
--
-- KEYS  tails, one a partition
-- ARGV  1 shard
-- Returns two texts, numbers ('' where there is none) and lives, in the order of the keys, separated by ','
-- @include include-life
local numbers, lives = {}, {}
for i = 1, #KEYS do
  local found = redis.call('HMGET', KEYS[i], ARGV[1], 'life')
  numbers[i], lives[i] = found[1] or '', found[2] or life_of(KEYS[i])
end
return { table.concat(numbers, ','), table.concat(lives, ',') }
