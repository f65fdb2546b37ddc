/** A configuration that cannot be used. Holds every fault, each a sentence for the person who wrote it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** At least one sentence. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = Object.freeze([...faults]);
  }
}
