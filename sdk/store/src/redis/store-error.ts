import { FlotillaError, isFlotillaError } from '@flotilla-im/protocol';

/** Redis error words that say who or what it is, not how it is: trying again does not help. */
const UNSUPPORTED =
  /^(?:NOAUTH|WRONGPASS|NOPERM|ERR (?:WAITAOF cannot|AUTH|Client sent AUTH|unknown command|invalid password|DB index|The user executing the script))/;

/** What a script or command did wrong by itself; a fault of this package. */
const OWN_FAULT = /^(?:ERR|WRONGTYPE|CROSSSLOT|EXECABORT)\b/;

/** Words that come and go: loading, failing over, full, or out of reach. Everything from the socket counts as them too. */
const SENTENCES: Readonly<Record<string, string>> = {
  LOADING: 'Redis is loading its data',
  READONLY: 'this Redis became a replica',
  MASTERDOWN: 'this Redis has lost its master',
  CLUSTERDOWN: 'the Redis Cluster is down',
  TRYAGAIN: 'the Redis Cluster is moving these keys',
  OOM: 'Redis has reached its maxmemory and takes no writes',
  MISCONF: 'Redis cannot save to disk and takes no writes',
  BUSY: 'Redis is busy with a script',
  NOREPLICAS: 'Redis has too few replicas to take writes',
};

/** Whether an error of the connection's setup says that the credentials do not do. */
export function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && UNSUPPORTED.test(cause.message);
}

/** Why a connection did not come about, in brackets; empty when nothing is known. */
export function whyNot(cause: unknown): string {
  // Errors of sockets may be of another realm than this package.
  const { message = '' } = (cause ?? {}) as { readonly message?: string };
  if (/\bRESP type\b|^Protocol error/.test(message)) return ' (what answers there does not speak the Redis protocol)';
  if (/\bEPROTO\b|wrong version number/.test(message)) return ' (what answers there does not speak TLS)';
  return message === '' ? '' : ` (${message})`;
}

/** A master that became a replica answers what waits for replicas of its own so. */
const NOT_MASTER = /replica instances/;

function refusalSentence(message: string): string {
  if (message.startsWith('NOAUTH')) return 'Redis asks for a password and none was given';
  if (message.startsWith('NOPERM') || message.includes('executing the script'))
    return `the Redis user may not do what Flotilla needs: ${message}`;
  if (message.includes('WAITAOF cannot')) return 'this Redis keeps no append-only file to confirm (appendonly no)';
  if (message.includes('DB index')) return 'Redis has no database of that number';
  return message.includes('unknown command')
    ? `this Redis lacks a command: ${message}`
    : 'Redis refused the user name or the password';
}

/**
 * What the callers of the store get to see of an error of the Redis client: `store_unavailable` (retryable) for whatever
 * can pass by itself, `store_unsupported` for wrong credentials and missing rights, `internal` for a fault of a script.
 */
export function storeError(cause: unknown): FlotillaError {
  if (isFlotillaError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (isRefusal(cause)) return new FlotillaError('store_unsupported', refusalSentence(message), { cause });
  if (NOT_MASTER.test(message)) return new FlotillaError('store_unavailable', SENTENCES['READONLY'], { cause });
  const word = /^[A-Z]+/.exec(message)?.[0] ?? '';
  const sentence = SENTENCES[word];
  if (sentence !== undefined) return new FlotillaError('store_unavailable', sentence, { cause });
  if (OWN_FAULT.test(message)) return new FlotillaError('internal', `Redis refused a step: ${message}`, { cause });
  return new FlotillaError('store_unavailable', 'Redis cannot be reached', { cause });
}
