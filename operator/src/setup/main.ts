// Creates the Secrets of a release before it is installed, and removes them after it: node setup.js [--remove]
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, unknownVariables } from '@flotilla-im/environment';
import { readSetupConfig, SETUP_VARIABLES, type SetupConfig } from './config.ts';
import { createKubernetesSecretApi } from './kubernetes-secret-api.ts';
import { createPatientSecretApi } from './patient-secret-api.ts';
import { ApiFailure, type SecretApi } from './secret-api.ts';
import { createSecrets, removeSecrets } from './set-up.ts';
import { wantedSecrets } from './wanted-secrets.ts';

const EXIT = { fault: 1, configuration: 2 } as const;
const CALL_MS = 10_000;
const PATIENCE_MS = 60_000;
/** Where Kubernetes puts them in every pod that has a ServiceAccount. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const tell = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

async function openApi({ namespace }: SetupConfig): Promise<SecretApi> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (host === undefined) throw new ConfigError(['This runs as a pod of a Kubernetes cluster; here is none.']);
  const api = createKubernetesSecretApi({
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: await readFile(`${ACCOUNT}/ca.crt`, 'utf8'),
    token: () => readFile(`${ACCOUNT}/token`, 'utf8'),
    namespace,
    deadlineMs: CALL_MS,
  });
  return createPatientSecretApi(api, {
    nowMs: () => performance.now(),
    sleep,
    chance: Math.random,
    patienceMs: PATIENCE_MS,
    onRetry: ({ message }) => tell(`Trying again: ${message}.`),
  });
}

function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof ConfigError) return { text: error.message, code: EXIT.configuration };
  if (error instanceof ApiFailure) return { text: `${error.message}.`, code: EXIT.fault };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.fault };
}

for (const { variable, nearest } of unknownVariables(process.env, SETUP_VARIABLES)) {
  process.stderr.write(`${variable} is not read by anybody here; ${nearest} was probably meant.\n`);
}
// As the first process of a container it would otherwise ignore them.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(EXIT.fault));
try {
  const config = readSetupConfig(process.env, process.argv.slice(2));
  const carryOut = config.task === 'remove' ? removeSecrets : createSecrets;
  await carryOut(wantedSecrets(config, randomBytes), config.labels, await openApi(config), tell);
} catch (error) {
  const { text, code } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
