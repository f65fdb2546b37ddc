-- The tail numbers of a shard in many partitions. Only where Redis is no cluster: the keys are in all of its slots.
--
-- KEYS  tails, one a partition
-- ARGV  1 shard
-- Returns the numbers in the order of the keys, '' where there is none, separated by ','
local numbers = {}
for i = 1, #KEYS do numbers[i] = redis.call('HGET', KEYS[i], ARGV[1]) or '' end
return table.concat(numbers, ',')
