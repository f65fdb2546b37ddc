import type { KubernetesObject } from '../api/resource.ts';

interface RouteStatus {
  readonly parents?: readonly {
    readonly parentRef?: { readonly name?: string };
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  }[];
}

/**
 * Why a Gateway does not take a route, in words; null when it does, or has not said anything, which an Ingress never does.
 * Nothing is decided by this: people read it.
 */
export function refusalOf(route: KubernetesObject & { readonly status?: RouteStatus }): string | null {
  for (const { parentRef, conditions } of route.status?.parents ?? []) {
    const refused = conditions?.find(
      ({ type, status }) => /^(Accepted|ResolvedRefs)$/u.test(type) && status === 'False',
    );
    if (refused === undefined) continue;
    const why = [refused.reason, refused.message].filter((text) => text !== undefined && text !== '').join(': ');
    return `route ${route.metadata?.name ?? ''} is not taken by ${parentRef?.name ?? 'its parent'} (${why})`;
  }
  return null;
}
