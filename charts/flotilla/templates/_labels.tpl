{{/* Labels that select; they never change. Arguments: root, component. */}}
{{- define "flotilla.selector" -}}
app.kubernetes.io/name: {{ include "flotilla.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of an object. Arguments: root, component, and `extra`, a map. */}}
{{- define "flotilla.labels" -}}
{{- $own := include "flotilla.selector" . | fromYaml -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63) -}}
{{- $_ := set $own "app.kubernetes.io/version" (.root.Chart.AppVersion | replace "+" "_" | trunc 63) -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "flotilla" -}}
{{- toYaml (merge $own (.extra | default dict) .root.Values.commonLabels) -}}
{{- end -}}

{{/* Labels of a pod: nothing that changes with a version, which would replace pods for nothing. Arguments as above. */}}
{{- define "flotilla.podLabels" -}}
{{- $own := include "flotilla.selector" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "flotilla" -}}
{{- toYaml (merge $own (.extra | default dict) .root.Values.commonLabels) -}}
{{- end -}}

{{/* The line `annotations:` with what there is, or nothing. Arguments: root, and `own` and `extra`, maps. */}}
{{- define "flotilla.annotations" -}}
{{- with merge (dict) (.own | default dict) (.extra | default dict) .root.Values.commonAnnotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* metadata of an object. Arguments: root, component, name, and `annotations`, `labels`, maps. */}}
{{- define "flotilla.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "flotilla.labels" (dict "root" .root "component" .component "extra" .labels) | nindent 2 }}
{{- with include "flotilla.annotations" (dict "root" .root "own" .own "extra" .annotations) }}
{{ . }}
{{- end }}
{{- end -}}
