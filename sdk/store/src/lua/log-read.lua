-- A page of a log and what is known of it, in one step: meta and entries always belong together.
--
-- KEYS  1 list  2 meta  3 tails
-- ARGV  1 generation or '' (from the retained head)  2 offset  3 most entries  4 most bytes
-- Returns { last, head, generations, life, start offset, entries… }
-- @include include-log-slice
return log_slice(KEYS[1], KEYS[2], KEYS[3], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))
