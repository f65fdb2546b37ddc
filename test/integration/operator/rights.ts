import type { FakeRequest } from '@flotilla-im/operator/testing';
import type { Right } from '../../support/operator-rights.ts';

/** Whether some right permits a request, as the API server would say. `isThere`: whether the object is there already. */
export function isPermitted(request: FakeRequest, isThere: boolean, rights: readonly Right[]): boolean {
  return verbsOf(request, isThere).every((verb) =>
    rights.some(
      ({ resource, verbs, name }) =>
        resource === resourceOf(request) && verbs.includes(verb) && (name === null || name === nameOf(request)),
    ),
  );
}

function verbsOf({ method, name, query, contentType }: FakeRequest, isThere: boolean): readonly string[] {
  if (method === 'GET') return [query.has('watch') ? 'watch' : name === null ? 'list' : 'get'];
  if (method === 'POST') return ['create'];
  if (method === 'PUT') return ['update'];
  if (method === 'DELETE') return ['delete'];
  return contentType.includes('apply-patch') && !isThere ? ['patch', 'create'] : ['patch'];
}

function resourceOf({ collection, subresource }: FakeRequest): string {
  const parts = /^\/(?:api|apis\/([^/]+))\/[^/]+\/namespaces\/[^/]+\/([^/]+)$/u.exec(collection);
  return [parts?.[1] ?? '', parts?.[2] ?? '', ...(subresource === null ? [] : [subresource])].join('/');
}

/** A list or a watch has the name that its field selector says. */
function nameOf({ name, query }: FakeRequest): string | null {
  return name ?? /^metadata\.name=(.+)$/u.exec(query.get('fieldSelector') ?? '')?.[1] ?? null;
}
