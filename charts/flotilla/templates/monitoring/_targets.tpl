{{/* Labels that Prometheus gives the targets of this release. Arguments: root, component. */}}
{{- define "flotilla.target" -}}
{{- printf "namespace=%q,service=%q" .root.Release.Namespace (printf "%s-%s" (include "flotilla.fullname" .root) .component) -}}
{{- end -}}

{{- define "flotilla.serviceMonitorSpec" -}}
{{- $monitor := .root.Values.monitoring.serviceMonitor -}}
namespaceSelector:
  matchNames: [{{ .root.Release.Namespace }}]
selector:
  matchLabels:
    {{- include "flotilla.selector" . | nindent 4 }}
endpoints:
  - port: http
    path: /metrics
    interval: {{ $monitor.interval }}
    scrapeTimeout: {{ $monitor.scrapeTimeout }}
    {{- with $monitor.relabelings }}
    relabelings:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $monitor.metricRelabelings }}
    metricRelabelings:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end -}}
