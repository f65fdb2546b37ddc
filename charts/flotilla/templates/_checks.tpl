{{/* Whatever cannot be, as sentences; one failure tells all of them. */}}
{{- define "flotilla.checks" -}}
{{- $faults := list -}}
{{- $redis := .Values.redis -}}
{{- $secret := $redis.external.existingSecret -}}
{{- $hasUrl := or $redis.external.url $secret.urlKey -}}

{{- $fullname := include "flotilla.fullname" . -}}
{{- if not (regexMatch "^[a-z]" $fullname) -}}
{{- $faults = append $faults (printf "Names of Services begin with a letter, and these would begin with %s: set fullnameOverride." $fullname) -}}
{{- end -}}

{{- $grace := int .Values.im.terminationGracePeriodSeconds -}}
{{- $preStop := int .Values.im.preStopSeconds -}}
{{- $connections := .Values.im.limits.connectionsPerPod | default 100000 | int64 -}}
{{- $pace := .Values.im.limits.handshakesPerSecond | default 2000 | int64 -}}
{{- $leaving := divf $connections $pace | ceil | int -}}
{{- if lt $grace (add $preStop $leaving | int) -}}
{{- $faults = append $faults (printf "im.terminationGracePeriodSeconds is %d, but a pod may need %d: %d for im.preStopSeconds, and %d until its %d connections (limits.connectionsPerPod) have moved at %d a second (limits.handshakesPerSecond). Give it more time, or lower im.limits.connectionsPerPod." $grace (add $preStop $leaving) $preStop $leaving $connections $pace) -}}
{{- end -}}
{{- with .Values.im.limits.drainMs -}}
{{- if lt (mul $grace 1000) (add (mul $preStop 1000) (int64 .)) -}}
{{- $faults = append $faults (printf "im.terminationGracePeriodSeconds is %d, which is shorter than im.preStopSeconds and im.limits.drainMs together." $grace) -}}
{{- end -}}
{{- end -}}

{{- if and $redis.embedded.enabled $hasUrl -}}
{{- $faults = append $faults "There are two of Redis: redis.external is set, so set redis.embedded.enabled=false." -}}
{{- end -}}
{{- if not (or $redis.embedded.enabled $hasUrl) -}}
{{- $faults = append $faults "There is no Redis: set redis.external.url, or redis.external.existingSecret with a urlKey, or redis.embedded.enabled=true." -}}
{{- end -}}
{{- if and (or $secret.urlKey $secret.passwordKey) (not $secret.name) -}}
{{- $faults = append $faults "redis.external.existingSecret has a urlKey or passwordKey, but no name." -}}
{{- end -}}
{{- if and $redis.external.url $secret.urlKey -}}
{{- $faults = append $faults "redis.external.url and redis.external.existingSecret.urlKey both give an address: choose one." -}}
{{- end -}}
{{- if and $secret.name (not $redis.embedded.enabled) (not (or $secret.urlKey $secret.passwordKey)) -}}
{{- $faults = append $faults "redis.external.existingSecret has a name, but neither a urlKey nor a passwordKey." -}}
{{- end -}}
{{- if and $redis.external.tls.caSecret.name $redis.external.tls.caConfigMap.name -}}
{{- $faults = append $faults "redis.external.tls names a Secret and a ConfigMap: choose one." -}}
{{- end -}}

{{- $exposure := .Values.exposure -}}
{{- if and (eq $exposure.type "httpRoute") (not $exposure.httpRoute.parentRefs) -}}
{{- $faults = append $faults "exposure.type is httpRoute: name a Gateway in exposure.httpRoute.parentRefs." -}}
{{- end -}}
{{- if and (ne $exposure.type "none") (not (or $exposure.host $exposure.publicUrl)) -}}
{{- $faults = append $faults (printf "exposure.type is %s: clients need an address. Set exposure.host or exposure.publicUrl." $exposure.type) -}}
{{- end -}}
{{- if and $exposure.shardHost (not $exposure.host) -}}
{{- $faults = append $faults "exposure.shardHost is the host of one shard: set exposure.host for the address of any shard, or its route would take all hosts." -}}
{{- end -}}
{{- if and $exposure.shardHost (not (contains "{shard}" $exposure.shardHost)) -}}
{{- $faults = append $faults "exposure.shardHost is the host name of one shard: {shard} must be part of it." -}}
{{- end -}}
{{- if and $exposure.publicUrl (not (contains "{shard}" $exposure.publicUrl)) -}}
{{- $faults = append $faults "exposure.publicUrl is the address of one shard: {shard} must be part of it, as in wss://chat.example.com/s/{shard}." -}}
{{- end -}}
{{- if and (ne .Values.shardService.type "ClusterIP") (not $exposure.publicUrl) -}}
{{- $faults = append $faults (printf "shardService.type is %s: only you know what address that gives a shard. Set exposure.publicUrl." .Values.shardService.type) -}}
{{- end -}}

{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- $faults = append $faults "autoscaling.minReplicas is above autoscaling.maxReplicas." -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not (or .Values.autoscaling.metricName .Values.autoscaling.metrics)) -}}
{{- $faults = append $faults "autoscaling has nothing to go by: set autoscaling.metricName or autoscaling.metrics." -}}
{{- end -}}

{{- if $faults -}}
{{- fail (printf "\n\n- %s\n" (join "\n- " $faults)) -}}
{{- end -}}
{{- end -}}
