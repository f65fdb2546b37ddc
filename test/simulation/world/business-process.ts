import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { TOKEN_KEYS } from '../platform/signatures.ts';
import { CLUSTER, REDIS_URL } from './settings.ts';

type GivenKeys = NonNullable<Parameters<typeof createFlotilla>[0]['tokenKeys']>;

/** The SDK within a service's process. Resolves once Redis was reached. */
export function openBusiness(): Promise<Flotilla> {
  const tokenKeys = TOKEN_KEYS as unknown as GivenKeys;
  return createFlotilla({ redis: REDIS_URL, cluster: CLUSTER, tokenKeys, waitForStore: true, deadlineMs: 5_000 });
}
