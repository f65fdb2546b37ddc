{{/*
Everything that is accepted goes to the append-only file; `appendfsync` says when that goes to the disk. No snapshots
besides. Never evicting: a full Redis refuses, it does not forget. Rewriting the file takes a core for seconds, and everybody
waits longer meanwhile where cores are scarce: it is done seldom, and without compressing.
*/}}
{{- define "flotilla.redisConfig" -}}
dir /data
protected-mode no
appendonly yes
appendfsync {{ .Values.redis.embedded.appendfsync }}
auto-aof-rewrite-min-size {{ .Values.redis.embedded.rewriteFileFrom }}
rdbcompression no
save ""
maxmemory {{ .Values.redis.embedded.maxMemory }}
maxmemory-policy noeviction
{{- end -}}
