{{- define "flotilla.demoEnvironment" -}}
{{ include "flotilla.storeEnvironment" . }}
- name: FLOTILLA_TOKEN_KEYS_FILE
  value: /etc/flotilla/token-keys/keys.json
- name: FLOTILLA_DEMO_HOST
  value: {{ .Values.listenHost | quote }}
- name: FLOTILLA_DEMO_PORT
  value: "8080"
- name: FLOTILLA_FILES_DIR
  value: /var/lib/flotilla/files
{{ include "flotilla.trustedProxies" . }}
{{- end -}}
