-- Cursors of several clients.
--
-- KEYS  of each client: fenced, receipts stream, stream counts, cursors, inbox meta, receipt watchers, memberships
-- ARGV  1 incarnation  2 hint channel prefix  3 bound of receipts  4 most devices  5 ms that cursors are kept,
--       then of each client: partition, client, device or '', inbox cursor or '', channel cursors (JSON) or ''
-- Returns 'stored', or 'fenced' where the incarnation is fenced in any of the partitions: nothing is stored there
-- @include include-cursors
local now = now_ms()
local context = { devices = tonumber(ARGV[4]), ttl_ms = ARGV[5], receipts_bound = ARGV[3], hint_prefix = ARGV[2], keeps_unknown = true }
local outcome = 'stored'
for i = 0, #KEYS / 7 - 1 do
  local k, a = 7 * i, 5 * i + 5
  if redis.call('ZSCORE', KEYS[k + 1], ARGV[1]) then
    outcome = 'fenced'
  else
    local keys = {
      receipts = KEYS[k + 2], counts = KEYS[k + 3],
      cursors = KEYS[k + 4], meta = KEYS[k + 5], watchers = KEYS[k + 6], memberships = KEYS[k + 7],
    }
    local events = store_cursors(keys, context, ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 5], now)
    if events > 0 then wake(ARGV[2], 'receipts', ARGV[a + 1]) end
  end
end
return outcome
