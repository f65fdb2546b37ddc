import { ConfigError } from '@flotilla-im/environment';
import * as v from 'valibot';

/** What the setup program is to do. */
export interface SetupConfig {
  readonly task: 'create' | 'remove';
  readonly namespace: string;
  /** Name of the Secret with the token keys; empty: not wanted. */
  readonly tokenKeysSecret: string;
  /** Name of the Secret with the password of Redis; empty: not wanted. */
  readonly redisSecret: string;
  /** For both Secrets. */
  readonly labels: Readonly<Record<string, string>>;
}

const name = v.regex<string, string>(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/u, 'must be a name of Kubernetes');
const secretName = v.optional(v.union([v.literal(''), v.pipe(v.string(), name)], 'must be a name of Kubernetes'), '');
const schema = v.object({
  FLOTILLA_NAMESPACE: v.optional(v.pipe(v.string(), v.nonEmpty('is missing'), name), ''),
  FLOTILLA_TOKEN_KEYS_SECRET: secretName,
  FLOTILLA_REDIS_SECRET: secretName,
  FLOTILLA_SECRET_LABELS: v.pipe(
    v.optional(v.string(), '{}'),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const labels = parseLabels(dataset.value);
      if (labels !== null) return labels;
      addIssue({ message: 'must be a JSON object of texts' });
      return NEVER;
    }),
  ),
});

/** Every variable that this program reads. */
export const SETUP_VARIABLES: readonly string[] = Object.keys(schema.entries);

/**
 * Reads what to do from the environment and the arguments.
 *
 * @throws {ConfigError} with every fault
 */
export function readSetupConfig(
  environment: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): SetupConfig {
  const isRemove = args.length === 1 && args[0] === '--remove';
  const faults = args.length > 0 && !isRemove ? ['The only argument there is is --remove.'] : [];
  const result = v.safeParse(schema, environment, { abortPipeEarly: true });
  for (const issue of result.issues ?? []) faults.push(`${v.getDotPath(issue) ?? 'The environment'} ${issue.message}.`);
  if (!result.success || faults.length > 0) throw new ConfigError(faults);
  return {
    task: isRemove ? 'remove' : 'create',
    namespace: result.output.FLOTILLA_NAMESPACE,
    tokenKeysSecret: result.output.FLOTILLA_TOKEN_KEYS_SECRET,
    redisSecret: result.output.FLOTILLA_REDIS_SECRET,
    labels: result.output.FLOTILLA_SECRET_LABELS,
  };
}

function parseLabels(text: string): Readonly<Record<string, string>> | null {
  try {
    return v.parse(v.record(v.string(), v.string()), JSON.parse(text));
  } catch {
    return null;
  }
}
