{{/* Where an image is. Arguments: root, image, published (registry), tag (where the image names none). */}}
{{- define "flotilla.image" -}}
{{- $registry := coalesce .image.registry .root.Values.image.registry .published | trimSuffix "/" -}}
{{- if .image.digest -}}
{{- printf "%s/%s@%s" $registry .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s/%s:%s" $registry .image.repository (.image.tag | default .tag) -}}
{{- end -}}
{{- end -}}

{{/* One of Flotilla's own. Arguments: root, image. */}}
{{- define "flotilla.ownImage" -}}
{{- $tag := .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{- include "flotilla.image" (dict "root" .root "image" .image "published" "ghcr.io/flotilla-im" "tag" $tag) -}}
{{- end -}}

{{/* What every pod says. Arguments: root, of (the component's values), and `security`, instead of the common one. */}}
{{- define "flotilla.podSettings" -}}
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- toYaml (.security | default .root.Values.podSecurityContext) | nindent 2 }}
{{- with .of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* Spread constraints, each with the component's selector where it has none. Arguments: root, component, constraints. */}}
{{- define "flotilla.spread" -}}
{{- $selector := dict "matchLabels" (include "flotilla.selector" . | fromYaml) -}}
{{- $all := list -}}
{{- range .constraints }}{{- $all = append $all (merge (dict) . (dict "labelSelector" $selector)) }}{{- end -}}
{{- with $all -}}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* env and envFrom: `own`, a YAML list, less what the component's extraEnv names, and then that. Arguments: own, of. */}}
{{- define "flotilla.environment" -}}
{{- $extra := .of.extraEnv | default list -}}
{{- $given := dict -}}
{{- range $extra }}{{- $_ := set $given .name true }}{{- end -}}
{{- $all := list -}}
{{- range (.own | fromYamlArray) }}{{- if not (hasKey $given .name) }}{{- $all = append $all . }}{{- end }}{{- end -}}
env:
  {{- toYaml (concat $all $extra) | nindent 2 }}
{{- with .of.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What every process that speaks to Redis is told. Argument: root. */}}
{{- define "flotilla.storeEnvironment" -}}
{{- $external := .Values.redis.external -}}
- name: FLOTILLA_CLUSTER
  value: {{ include "flotilla.cluster" . | quote }}
- name: FLOTILLA_REDIS_URL
{{- if .Values.redis.embedded.enabled }}
  value: redis://{{ include "flotilla.fullname" . }}-redis.{{ .Release.Namespace }}.svc:6379
{{- else if $external.existingSecret.urlKey }}
  valueFrom:
    secretKeyRef:
      name: {{ $external.existingSecret.name }}
      key: {{ $external.existingSecret.urlKey }}
{{- else }}
  value: {{ $external.url | quote }}
{{- end }}
{{- if include "flotilla.redisPassword" . }}
- name: FLOTILLA_REDIS_PASSWORD_FILE
  value: /etc/flotilla/redis/password
{{- end }}
{{- if include "flotilla.redisCa" . }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/flotilla/redis-ca/ca.crt
{{- end }}
{{- end -}}

{{/* The Secret with the password and its key, as a volume's source; nothing where there is none. */}}
{{- define "flotilla.redisPassword" -}}
{{- $secret := .Values.redis.external.existingSecret -}}
{{- if .Values.redis.embedded.enabled -}}
secretName: {{ include "flotilla.embeddedRedisSecret" . }}
items: [{ key: password, path: password }]
{{- else if $secret.passwordKey -}}
secretName: {{ $secret.name }}
items: [{ key: {{ $secret.passwordKey | quote }}, path: password }]
{{- end -}}
{{- end -}}

{{/* The certificate authority of Redis, as a volume; nothing where the public ones will do. */}}
{{- define "flotilla.redisCa" -}}
{{- $tls := .Values.redis.external.tls -}}
{{- if .Values.redis.embedded.enabled -}}
{{- else if $tls.caSecret.name -}}
secret:
  secretName: {{ $tls.caSecret.name }}
  items: [{ key: {{ $tls.caSecret.key | quote }}, path: ca.crt }]
{{- else if $tls.caConfigMap.name -}}
configMap:
  name: {{ $tls.caConfigMap.name }}
  items: [{ key: {{ $tls.caConfigMap.key | quote }}, path: ca.crt }]
{{- end -}}
{{- end -}}

{{/*
Volumes of a process that speaks to Redis. Secrets are mounted as whole directories, so that what changes in them arrives.
Arguments: root, of, and `tokenKeys`, whether it needs the keys.
*/}}
{{- define "flotilla.storeVolumes" -}}
{{- with include "flotilla.redisPassword" .root }}
- name: redis
  secret:
    {{- . | nindent 4 }}
    defaultMode: 288 # 0440
{{- end }}
{{- with include "flotilla.redisCa" .root }}
- name: redis-ca
  {{- . | nindent 2 }}
{{- end }}
{{- if .tokenKeys }}
- name: token-keys
  secret:
    secretName: {{ include "flotilla.tokenKeysSecret" .root }}
    items: [{ key: {{ .root.Values.tokenKeys.key | quote }}, path: keys.json }]
    defaultMode: 288 # 0440
{{- end }}
{{- with .of.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "flotilla.storeMounts" -}}
{{- if include "flotilla.redisPassword" .root }}
- name: redis
  mountPath: /etc/flotilla/redis
  readOnly: true
{{- end }}
{{- if include "flotilla.redisCa" .root }}
- name: redis-ca
  mountPath: /etc/flotilla/redis-ca
  readOnly: true
{{- end }}
{{- if .tokenKeys }}
- name: token-keys
  mountPath: /etc/flotilla/token-keys
  readOnly: true
{{- end }}
{{- with .of.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* An HTTP probe: a path on the port `http`, and the times. */}}
{{- define "flotilla.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
{{ toYaml .times }}
{{- end -}}
