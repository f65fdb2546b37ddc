-- Appends an event to a stream of a partition.
--
-- KEYS  1 stream  2 stream counts  3 frame that was seen (a key that is never there for other events)  4 consumer groups
--       5 tailed
-- ARGV  1 event (JSON)  2 stream  3 bound  4 ms a frame id is remembered, 0 for none  5 refuse when full 0|1  6 partition
--       7 hint channel prefix
-- Returns 'appended', 'duplicate' or 'busy'
-- @include include-events
if ARGV[4] ~= '0' and redis.call('EXISTS', KEYS[3]) == 1 then return 'duplicate' end
if ARGV[5] == '1' and redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[3]) then
  -- What groups wait for is never dropped; without any, those who only look on are served with the newest.
  local is_only_tailed = redis.call('SCARD', KEYS[4]) == 0 and redis.call('EXISTS', KEYS[5]) == 1
  if not is_only_tailed then return 'busy' end
end
if ARGV[4] ~= '0' then redis.call('SET', KEYS[3], 1, 'PX', ARGV[4]) end
emit(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[1])
wake(ARGV[7], ARGV[2], ARGV[6])
return 'appended'
