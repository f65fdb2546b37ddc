import { randomBytes } from 'node:crypto';

/**
 * A source of message ids, unique among all processes: 12 random characters of this source and a running number, which
 * costs less to make and to keep than a UUID. They tell nobody anything.
 */
export function createMessageIds(random: (bytes: number) => Buffer = randomBytes): () => string {
  const source = random(9).toString('base64url');
  let last = 0;
  return () => {
    last += 1;
    return `${source}-${last.toString(36)}`;
  };
}
