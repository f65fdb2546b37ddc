import type { V1ConfigMap, V1Pod, V1StatefulSet } from '@kubernetes/client-node';

/** A pod as it arrives from the API server: plain data, whatever class its type names. */
export function wiredPod(value: object): V1Pod {
  return JSON.parse(JSON.stringify(value)) as V1Pod;
}

/** A StatefulSet, likewise. */
export function wiredSet(value: object): V1StatefulSet {
  return JSON.parse(JSON.stringify(value)) as V1StatefulSet;
}

/** A ConfigMap, likewise. */
export function wiredConfigMap(value: object): V1ConfigMap {
  return JSON.parse(JSON.stringify(value)) as V1ConfigMap;
}
