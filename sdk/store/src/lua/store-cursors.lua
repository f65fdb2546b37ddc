-- Cursors of several clients of one partition.
--
-- KEYS  1 fenced  2 receipts stream  3 stream counts, then for each client: cursors, inbox meta, receipt watchers, memberships
-- ARGV  1 incarnation  2 partition  3 hint channel prefix  4 bound of receipts  5 most devices  6 ms that cursors are kept,
--       then for each client: client, device or '', inbox cursor or '', channel cursors (JSON) or ''
-- Returns 'stored' or 'fenced'
-- @include include-cursors
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'fenced' end
local now = now_ms()
local context = { devices = tonumber(ARGV[5]), ttl_ms = ARGV[6], receipts_bound = ARGV[4], hint_prefix = ARGV[3] }
local events = 0
for i = 1, (#KEYS - 3) / 4 do
  local k, a = 4 * i, 4 * i + 3
  local keys = {
    cursors = KEYS[k], meta = KEYS[k + 1], watchers = KEYS[k + 2], memberships = KEYS[k + 3], receipts = KEYS[2], counts = KEYS[3],
  }
  events = events + store_cursors(keys, context, ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], now)
end
if events > 0 then wake(ARGV[3], 'receipts', ARGV[2]) end
return 'stored'
