{{/*
Everything that is accepted goes to the append-only file; `appendfsync` says when that goes to the disk. No snapshots
besides. Never evicting: a full Redis refuses, it does not forget.
*/}}
{{- define "flotilla.redisConfig" -}}
dir /data
protected-mode no
appendonly yes
appendfsync {{ .Values.redis.embedded.appendfsync }}
save ""
maxmemory {{ .Values.redis.embedded.maxMemory }}
maxmemory-policy noeviction
{{- end -}}
