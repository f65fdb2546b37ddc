-- Puts an event that keeps failing aside and goes on after it.
--
-- KEYS  1 consumer group  2 consumer groups  3 stream  4 stream counts  5 dead letters
-- ARGV  1 token  2 id  3 stream  4 trim what all groups acknowledged 0|1  5 prefix of consumer group keys
--       6 event (JSON)  7 attempt  8 error  9 most dead letters
-- Returns 1, or 0 when the lease is lost
-- @include include-ack
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[9], '*', 'id', ARGV[2], 'e', ARGV[6], 'attempt', ARGV[7], 'error', ARGV[8])
local keys = { group = KEYS[1], groups = KEYS[2], stream = KEYS[3], counts = KEYS[4] }
acknowledge(keys, ARGV[3], ARGV[2], ARGV[4] == '1', ARGV[5])
return 1
