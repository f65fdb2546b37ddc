/** Something that must hold for a pod to take connections. */
export interface Condition {
  readonly name: string;
  readonly holds: boolean;
  /** For people, when it does not hold. */
  readonly why?: string;
}

/** What `/readyz` says. */
export interface Readiness {
  readonly ready: boolean;
  readonly shard: number;
  readonly conditions: readonly Condition[];
}

/** A pod is ready when all its conditions hold; with none known it is not. */
export function readinessOf(shard: number, conditions: readonly Condition[]): Readiness {
  return { ready: conditions.length > 0 && conditions.every(({ holds }) => holds), shard, conditions };
}
