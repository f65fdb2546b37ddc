{{/*
Everything that is accepted goes to the append-only file; `appendfsync` says when that goes to the disk. No snapshots
besides. Never evicting: a full Redis refuses, it does not forget. Rewriting the file takes a core for a second or more, and
everybody waits meanwhile where cores are scarce: it is done seldom, and without compressing. So long a file is read in some
seconds after a restart.
*/}}
{{- define "flotilla.redisConfig" -}}
dir /data
protected-mode no
appendonly yes
appendfsync {{ .Values.redis.embedded.appendfsync }}
auto-aof-rewrite-min-size 256mb
rdbcompression no
save ""
maxmemory {{ .Values.redis.embedded.maxMemory }}
maxmemory-policy noeviction
{{- end -}}
