-- The name of this life of the master: it changes when Redis restarts and when a replica takes over.
local function current_generation()
  local info = redis.call('INFO', 'replication')
  local _, ending = string.find(info, 'master_replid:', 1, true)
  return string.sub(info, ending + 1, ending + 12)
end
