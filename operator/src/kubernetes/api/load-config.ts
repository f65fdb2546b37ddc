import { ConfigError } from '@flotilla-im/environment';
import { KubeConfig } from '@kubernetes/client-node';

/**
 * How to reach the API server: by `KUBECONFIG` where it is set (development), else as a pod of the cluster.
 *
 * @throws {ConfigError} when there is neither
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): KubeConfig {
  const config = new KubeConfig();
  if (environment['KUBECONFIG'] !== undefined && environment['KUBECONFIG'] !== '') {
    readFiles(config);
  } else if (environment['KUBERNETES_SERVICE_HOST'] !== undefined) {
    config.loadFromCluster();
  } else {
    throw new ConfigError(['There is no Kubernetes here: this is no pod of a cluster, and KUBECONFIG is not set.']);
  }
  if (config.getCurrentCluster() === null) throw new ConfigError(['KUBECONFIG has no current context with a cluster.']);
  return config;
}

function readFiles(config: KubeConfig): void {
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new ConfigError([`KUBECONFIG cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
