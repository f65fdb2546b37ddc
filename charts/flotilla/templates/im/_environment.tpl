{{/* Environment of a shard. The drain gets what the preStop sleep leaves of the grace period. */}}
{{- define "flotilla.imEnvironment" -}}
{{- $im := .Values.im -}}
{{- $drainMs := mul 1000 (max 0 (sub (int $im.terminationGracePeriodSeconds) (add 3 (int $im.preStopSeconds)))) -}}
{{- $limits := merge (dict) $im.limits (dict "drainMs" $drainMs) -}}
# Empty where Kubernetes does not set the label; then the number at the end of the host name counts.
- name: FLOTILLA_SHARD
  valueFrom:
    fieldRef:
      apiVersion: v1
      fieldPath: metadata.labels['apps.kubernetes.io/pod-index']
{{ include "flotilla.storeEnvironment" . }}
- name: FLOTILLA_TOKEN_KEYS_FILE
  value: /etc/flotilla/token-keys/keys.json
- name: FLOTILLA_HOST
  value: {{ .Values.listenHost | quote }}
- name: FLOTILLA_PORT
  value: "8080"
- name: FLOTILLA_ALLOWED_ORIGINS
  value: {{ join "," $im.allowedOrigins | quote }}
{{ include "flotilla.trustedProxies" . }}
- name: FLOTILLA_LOG_LEVEL
  value: {{ $im.logLevel }}
{{- range $name, $value := $limits }}
- name: FLOTILLA_LIMIT_{{ $name | snakecase | upper }}
  value: {{ $value | int64 | quote }}
{{- end }}
{{- end -}}

{{/* Whose word on a client's address counts: what is given, else anybody near where a proxy stands before the pods. */}}
{{- define "flotilla.trustedProxies" -}}
{{- $proxies := .Values.im.trustedProxies -}}
{{- if kindIs "invalid" $proxies }}{{- $proxies = ternary (list) (list "private") (eq .Values.exposure.type "none") }}{{- end -}}
- name: FLOTILLA_TRUSTED_PROXIES
  value: {{ join "," $proxies | quote }}
{{- end -}}
