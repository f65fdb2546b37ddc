{{/* What clients are told, with {shard} in the place of its id. */}}
{{- define "flotilla.publicUrl" -}}
{{- $exposure := .Values.exposure -}}
{{- if $exposure.publicUrl -}}
{{- $exposure.publicUrl -}}
{{- else if eq $exposure.type "none" -}}
{{- include "flotilla.shardServiceUrl" . -}}
{{- else -}}
{{- $scheme := ternary "wss" "ws" $exposure.tls.enabled -}}
{{- if $exposure.shardHost -}}
{{- printf "%s://%s" $scheme $exposure.shardHost -}}
{{- else -}}
{{- printf "%s://%s/s/{shard}" $scheme $exposure.host -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A shard's own Service, from inside the cluster. */}}
{{- define "flotilla.shardServiceUrl" -}}
{{- printf "ws://%s-im-s{shard}.%s.svc:8080/s/{shard}" (include "flotilla.fullname" .) .Release.Namespace -}}
{{- end -}}

{{/* exposure.json, as YAML. */}}
{{- define "flotilla.exposure" -}}
{{- $fullname := include "flotilla.fullname" . -}}
{{- $exposure := .Values.exposure -}}
{{- $service := .Values.shardService -}}
{{- $labels := include "flotilla.labels" (dict "root" . "component" "shard") | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" "flotilla-operator" -}}
{{- /* Nothing that changes with a version: it would write every object again for nothing. */ -}}
{{- $labels = omit $labels "helm.sh/chart" "app.kubernetes.io/version" -}}
namePrefix: {{ $fullname }}-im-s
podNamePrefix: {{ $fullname }}-im-
labels:
  {{- toYaml $labels | nindent 2 }}
publicUrl: {{ include "flotilla.publicUrl" . | quote }}
service:
  type: {{ $service.type }}
  port: 8080
  targetPort: http
  annotations:
    {{- toYaml (merge (dict) $service.annotations .Values.commonAnnotations) | nindent 4 }}
  labels:
    {{- toYaml $service.labels | nindent 4 }}
  spec:
    {{- toYaml (merge (dict) $service.spec (ternary (dict "ipFamilyPolicy" .Values.ipFamilyPolicy) (dict) (ne .Values.ipFamilyPolicy ""))) | nindent 4 }}
{{- if eq $exposure.type "none" }}
route: null
{{- else if eq $exposure.type "httpRoute" }}
route:
  kind: HTTPRoute
  annotations:
    {{- toYaml (merge (dict) $exposure.httpRoute.annotations .Values.commonAnnotations) | nindent 4 }}
  labels:
    {{- toYaml $exposure.httpRoute.labels | nindent 4 }}
  parentRefs:
    {{- toYaml $exposure.httpRoute.parentRefs | nindent 4 }}
  hostnames: {{ $exposure.shardHost | default $exposure.host | list | compact | toJson }}
  path: {{ ternary "/" "/s/{shard}" (ne $exposure.shardHost "") | quote }}
{{- else }}
route:
  kind: Ingress
  annotations:
    {{- toYaml (merge (dict) $exposure.ingress.annotations .Values.commonAnnotations) | nindent 4 }}
  labels:
    {{- toYaml $exposure.ingress.labels | nindent 4 }}
  {{- with $exposure.ingress.className }}
  className: {{ . | quote }}
  {{- end }}
  {{- with $exposure.shardHost | default $exposure.host }}
  host: {{ . | quote }}
  {{- end }}
  path: {{ ternary "/" "/s/{shard}" (ne $exposure.shardHost "") | quote }}
  tls: {{ include "flotilla.ingressTls" (dict "root" . "host" ($exposure.shardHost | default $exposure.host)) }}
{{- end }}
{{- end -}}

{{/* `tls` of an Ingress, as JSON: for one host, by the Secret or by the controller's default. Arguments: root, host. */}}
{{- define "flotilla.ingressTls" -}}
{{- $tls := .root.Values.exposure.tls -}}
{{- if $tls.enabled -}}
{{- $entry := dict "hosts" (list .host | compact) -}}
{{- if $tls.secretName }}{{- $_ := set $entry "secretName" $tls.secretName }}{{- end -}}
{{- list $entry | toJson -}}
{{- else -}}
[]
{{- end -}}
{{- end -}}
