import { ConfigError } from '@flotilla-im/environment';
import type { SecretApi, StoredSecret } from './secret-api.ts';
import { MANAGED_BY, type WantedSecret } from './wanted-secrets.ts';

/** The label that tells releases of a chart apart. */
const INSTANCE = 'app.kubernetes.io/instance';

/** Told what was done, a sentence a time. */
export type Tell = (sentence: string) => void;

/**
 * Creates the Secrets that are missing. One that is there is never changed, whoever made it: keys are rotated by people,
 * and new keys would end every token, a new password every connection to Redis.
 *
 * @throws {ConfigError} when one that is there cannot be used
 * @throws {ApiFailure} when the API server does not let it
 */
export async function createSecrets(
  wanted: readonly WantedSecret[],
  labels: Readonly<Record<string, string>>,
  api: SecretApi,
  tell: Tell,
): Promise<void> {
  for (const { name, make, faultOf } of wanted) {
    const isMade =
      (await api.read(name)) === null &&
      (await api.create({ name, labels: { ...labels, ...MANAGED_BY }, data: make() }));
    if (isMade) {
      tell(`Secret ${name} is made.`);
      continue;
    }
    const found = await api.read(name);
    const fault = found === null ? 'was removed just now' : faultOf(found.data);
    if (fault !== null) throw new ConfigError([`Secret ${name} ${fault}.`]);
    tell(`Secret ${name} is there and stays as it is.`);
  }
}

/**
 * Removes those of the Secrets that were made here for the same release.
 *
 * @throws {ApiFailure} when the API server does not let it
 */
export async function removeSecrets(
  wanted: readonly WantedSecret[],
  labels: Readonly<Record<string, string>>,
  api: SecretApi,
  tell: Tell,
): Promise<void> {
  const isOwn = (found: StoredSecret): boolean =>
    Object.entries(MANAGED_BY).every(([label, value]) => found.labels[label] === value) &&
    found.labels[INSTANCE] === labels[INSTANCE];
  for (const { name } of wanted) {
    const found = await api.read(name);
    if (found === null) continue;
    if (isOwn(found)) {
      await api.remove(found);
      tell(`Secret ${name} is removed.`);
    } else {
      tell(`Secret ${name} was not made by this release and stays.`);
    }
  }
}
