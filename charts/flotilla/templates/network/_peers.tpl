{{/* `from:` or `to:` with peers; nothing, which means anybody, for none. Arguments: word, peers. */}}
{{- define "flotilla.peers" -}}
{{- with .peers }}
{{ $.word }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Names are asked for at any DNS server. */}}
{{- define "flotilla.dnsEgress" -}}
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end -}}

{{- define "flotilla.redisEgress" -}}
{{- if .Values.redis.embedded.enabled -}}
- to:
    - podSelector:
        matchLabels:
          {{- include "flotilla.selector" (dict "root" . "component" "redis") | nindent 10 }}
  ports:
    - port: 6379
{{- else -}}
- ports:
    {{- range .Values.networkPolicy.redisPorts }}
    - port: {{ . }}
    {{- end }}
  {{- include "flotilla.peers" (dict "word" "to" "peers" .Values.networkPolicy.redis) | nindent 2 }}
{{- end -}}
{{- end -}}

{{- define "flotilla.apiServerEgress" -}}
- ports:
    {{- range .Values.networkPolicy.apiServerPorts }}
    - port: {{ . }}
    {{- end }}
  {{- include "flotilla.peers" (dict "word" "to" "peers" .Values.networkPolicy.apiServer) | nindent 2 }}
{{- end -}}
