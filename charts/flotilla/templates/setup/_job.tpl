{{/* Labels of the Secrets that the hook makes; it removes none without them. */}}
{{- define "flotilla.secretLabels" -}}
{{- $labels := include "flotilla.labels" (dict "root" . "component" "secret") | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" "flotilla-setup" -}}
{{- omit $labels "helm.sh/chart" "app.kubernetes.io/version" | toJson -}}
{{- end -}}

{{/*
Whether this upgrade finds all Secrets that the hook would make. Then there is no hook, which could only fail: an upgrade to
an image that there is not shall stop at the first pod that it replaces, not wait for a Job. Where nothing can be looked up
(`helm template`, Argo CD) the hook is there, and finds out by itself.
*/}}
{{- define "flotilla.areSecretsMade" -}}
{{- $missing := not .Release.IsUpgrade -}}
{{- range $key, $name := dict "keys.json" (include "flotilla.madeTokenKeysSecret" .) "password" (include "flotilla.madeRedisSecret" .) -}}
{{- if $name -}}
{{- $found := lookup "v1" "Secret" $.Release.Namespace $name -}}
{{- if not (hasKey ($found.data | default dict) $key) }}{{- $missing = true }}{{- end -}}
{{- end -}}
{{- end -}}
{{- if not $missing -}}yes{{- end -}}
{{- end -}}

{{/* A Job of the setup program and the rights it needs. Arguments: root, name, arguments, tokenKeys, redis, rules. */}}
{{- define "flotilla.setup" -}}
{{- $setup := .root.Values.setup -}}
{{- $rights := dict "helm.sh/hook" .hook "helm.sh/hook-weight" "-10" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded" -}}
{{- $job := dict "helm.sh/hook" .hook "helm.sh/hook-weight" "0" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "flotilla.metadata" (dict "root" .root "component" "setup" "name" .name "own" $rights) | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "flotilla.metadata" (dict "root" .root "component" "setup" "name" .name "own" $rights) | nindent 2 }}
rules:
  {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "flotilla.metadata" (dict "root" .root "component" "setup" "name" .name "own" $rights) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ .name }}
    namespace: {{ .root.Release.Namespace }}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "flotilla.metadata" (dict "root" .root "component" "setup" "name" .name "own" $job) | nindent 2 }}
spec:
  backoffLimit: 3
  activeDeadlineSeconds: {{ $setup.activeDeadlineSeconds }}
  # One that failed stays for a while to be looked at, and then goes by itself.
  ttlSecondsAfterFinished: 600
  template:
    metadata:
      labels:
        {{- include "flotilla.podLabels" (dict "root" .root "component" "setup" "extra" $setup.podLabels) | nindent 8 }}
      {{- with $setup.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ .name }}
      automountServiceAccountToken: true
      restartPolicy: Never
      {{- include "flotilla.podSettings" (dict "root" .root "of" $setup) | nindent 6 }}
      containers:
        - name: setup
          image: {{ include "flotilla.ownImage" (dict "root" .root "image" .root.Values.operator.image) }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command: {{ concat (list "node" "/app/setup.js") .arguments | toJson }}
          securityContext:
            {{- toYaml .root.Values.containerSecurityContext | nindent 12 }}
          terminationMessagePolicy: FallbackToLogsOnError
          env:
            - name: FLOTILLA_NAMESPACE
              value: {{ .root.Release.Namespace }}
            - name: FLOTILLA_TOKEN_KEYS_SECRET
              value: {{ .tokenKeys | quote }}
            - name: FLOTILLA_REDIS_SECRET
              value: {{ .redis | quote }}
            - name: FLOTILLA_SECRET_LABELS
              value: {{ include "flotilla.secretLabels" .root | quote }}
          resources:
            requests: { cpu: 10m, memory: 64Mi }
            limits: { memory: 256Mi }
{{- end -}}
