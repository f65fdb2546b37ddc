{{/* Names. Everything that the chart or the operator makes begins with the full name. */}}

{{- define "flotilla.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* A text of at most `max` characters: longer ones are cut and end in a hash of the whole, so that they stay apart. */}}
{{- define "flotilla.short" -}}
{{- if le (len .text) (int .max) -}}
{{- .text -}}
{{- else -}}
{{- printf "%s-%s" (.text | trunc (int (sub .max 9)) | trimAll "-.") (.text | sha256sum | trunc 8) -}}
{{- end -}}
{{- end -}}

{{/* At most 40 characters: the operator appends `-im-s<shard>`, Kubernetes a hash, and 63 are all there is. */}}
{{- define "flotilla.fullname" -}}
{{- $name := include "flotilla.name" . -}}
{{- $full := .Values.fullnameOverride -}}
{{- if not $full -}}
{{- $full = ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- end -}}
{{- include "flotilla.short" (dict "text" ($full | replace "." "-") "max" 40) -}}
{{- end -}}

{{/* Name of the cluster in Redis: two releases that share one must not share it. */}}
{{- define "flotilla.cluster" -}}
{{- $default := printf "%s.%s" .Release.Namespace (include "flotilla.fullname" .) -}}
{{- .Values.cluster | default (include "flotilla.short" (dict "text" $default "max" 64)) -}}
{{- end -}}

{{- define "flotilla.tokenKeysSecret" -}}
{{- .Values.tokenKeys.existingSecret | default (printf "%s-token-keys" (include "flotilla.fullname" .)) -}}
{{- end -}}

{{- define "flotilla.embeddedRedisSecret" -}}
{{- .Values.redis.embedded.existingSecret | default (printf "%s-redis" (include "flotilla.fullname" .)) -}}
{{- end -}}

{{/* What the hook has to make: names, or nothing. */}}
{{- define "flotilla.madeTokenKeysSecret" -}}
{{- if not .Values.tokenKeys.existingSecret -}}{{- include "flotilla.tokenKeysSecret" . -}}{{- end -}}
{{- end -}}
{{- define "flotilla.madeRedisSecret" -}}
{{- if and .Values.redis.embedded.enabled (not .Values.redis.embedded.existingSecret) -}}
{{- include "flotilla.embeddedRedisSecret" . -}}
{{- end -}}
{{- end -}}
