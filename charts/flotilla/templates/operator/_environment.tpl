{{- define "flotilla.operatorEnvironment" -}}
{{- $fullname := include "flotilla.fullname" . -}}
- name: FLOTILLA_MODE
  value: kubernetes
- name: FLOTILLA_NAMESPACE
  value: {{ .Release.Namespace }}
- name: FLOTILLA_STATEFULSET
  value: {{ $fullname }}-im
- name: FLOTILLA_SHARD_MAP
  value: {{ $fullname }}-shardmap
- name: FLOTILLA_LEASE
  value: {{ $fullname }}-operator
- name: FLOTILLA_IDENTITY
  valueFrom:
    fieldRef:
      apiVersion: v1
      fieldPath: metadata.name
- name: FLOTILLA_EXPOSURE_FILE
  value: /etc/flotilla/exposure/exposure.json
{{ include "flotilla.storeEnvironment" . }}
- name: FLOTILLA_HOST
  value: {{ .Values.listenHost | quote }}
- name: FLOTILLA_PORT
  value: "8081"
- name: FLOTILLA_FAILOVER_AFTER_MS
  value: {{ .Values.operator.failoverAfterMs | int64 | quote }}
- name: FLOTILLA_LEASE_DURATION_MS
  value: {{ .Values.operator.leaseDurationMs | int64 | quote }}
- name: FLOTILLA_LOG_LEVEL
  value: {{ .Values.operator.logLevel }}
{{- end -}}
