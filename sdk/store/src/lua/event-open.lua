-- A consumer took the lease of a partition.
--
-- KEYS  1 consumer group  2 consumer groups  3 stream  4 stream counts
-- ARGV  1 token  2 group  3 stream
-- Returns 1, or 0 when a later token is known
-- @include include-group
return admit({ group = KEYS[1], groups = KEYS[2], stream = KEYS[3], counts = KEYS[4] }, ARGV[1], ARGV[2], ARGV[3]) and 1 or 0
