/** What the operator works with by its name. */
export interface OperatorNames {
  readonly set: string;
  readonly map: string;
  readonly lease: string;
}

/** One rule of its Role: what the chart gives, and all that the operator asks for. */
export interface Right {
  /** Group and resource, as in `apps/statefulsets/scale`; the core group is empty: `/pods`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Null: of any name. */
  readonly name: string | null;
}

const ALL = ['list', 'watch', 'create', 'patch', 'delete'];
const LEFT = ['list', 'delete'];

/** The rights of the operator, of which none may be missing and none too many. */
export function operatorRights(names: OperatorNames, routes: 'HTTPRoute' | 'Ingress' | null): Right[] {
  const { set, map, lease } = names;
  return [
    { resource: 'apps/statefulsets', verbs: ['list', 'watch'], name: set },
    { resource: 'apps/statefulsets/scale', verbs: ['update'], name: set },
    { resource: 'apps/statefulsets/status', verbs: ['patch'], name: set },
    { resource: '/pods', verbs: ['list', 'watch'], name: null },
    { resource: '/services', verbs: ALL, name: null },
    { resource: 'gateway.networking.k8s.io/httproutes', verbs: routes === 'HTTPRoute' ? ALL : LEFT, name: null },
    { resource: 'networking.k8s.io/ingresses', verbs: routes === 'Ingress' ? ALL : LEFT, name: null },
    { resource: '/configmaps', verbs: ['create'], name: null },
    { resource: '/configmaps', verbs: ['get', 'list', 'watch', 'patch'], name: map },
    { resource: 'coordination.k8s.io/leases', verbs: ['create'], name: null },
    { resource: 'coordination.k8s.io/leases', verbs: ['get', 'patch'], name: lease },
    { resource: 'events.k8s.io/events', verbs: ['create'], name: null },
  ];
}
