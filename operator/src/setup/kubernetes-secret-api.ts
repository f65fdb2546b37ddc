import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { ApiFailure, type Secret, type SecretApi, type StoredSecret } from './secret-api.ts';

/** How to reach the API server. */
export interface KubernetesAccess {
  /** For example `https://10.96.0.1:443`. */
  readonly url: string;
  /** Certificates to trust, PEM; null: those that Node trusts. */
  readonly ca: string | null;
  /** The bearer token, read for each call since it is rotated. */
  readonly token: () => Promise<string>;
  readonly namespace: string;
  /** For one call, in milliseconds. */
  readonly deadlineMs: number;
}

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** Null when it was no JSON. */
  readonly body: unknown;
}

/** An object of the API as it is written in JSON. */
interface SecretObject {
  readonly metadata?: { readonly name?: string; readonly uid?: string; readonly labels?: Record<string, string> };
  readonly data?: Record<string, string> | null;
}

/** The Secrets of one namespace over the Kubernetes API: three calls, for which no client library is needed. */
export function createKubernetesSecretApi(access: KubernetesAccess): SecretApi {
  const path = `/api/v1/namespaces/${access.namespace}/secrets`;
  return {
    async read(name) {
      const answer = await call(access, 'GET', `${path}/${name}`);
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw failureOf(answer);
      return storedSecret(answer.body);
    },
    async create({ name, labels, data }: Secret) {
      const body = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name, labels }, stringData: data };
      const answer = await call(access, 'POST', path, body);
      if (answer.status === 409) return false;
      if (answer.status !== 201 && answer.status !== 200) throw failureOf(answer);
      return true;
    },
    async remove({ name, uid }) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
      const answer = await call(access, 'DELETE', `${path}/${name}`, body);
      // 409: the one of this name is another one by now.
      if (![200, 202, 404, 409].includes(answer.status)) throw failureOf(answer);
    },
  };
}

async function call(access: KubernetesAccess, method: string, path: string, body?: unknown): Promise<Answer> {
  const authorization = `Bearer ${(await access.token()).trim()}`;
  const text = body === undefined ? null : JSON.stringify(body);
  return await new Promise<Answer>((resolve, reject) => {
    const url = new URL(path, access.url);
    const headers = { authorization, accept: 'application/json', ...(text === null ? {} : bodyHeaders(text)) };
    const signal = AbortSignal.timeout(access.deadlineMs);
    const options = { method, headers, signal, agent: false, ...(access.ca === null ? {} : { ca: access.ca }) };
    const fail = (error: Error): void => {
      const why = signal.aborted ? `no answer within ${access.deadlineMs} ms` : error.message;
      reject(new ApiFailure(`${method} ${path}: ${why}`, true));
    };
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = begin(url, options, (response) => {
      let answered = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (answered += chunk));
      response.on('error', fail).on('end', () => {
        const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
        const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
        resolve({ status: response.statusCode ?? 0, retryAfterMs, body: parseJson(answered) });
      });
    });
    request.on('error', fail).end(text);
  });
}

/** Node tells the length of a body by itself, but not that of a DELETE. */
function bodyHeaders(text: string): Record<string, string | number> {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
}

/** 401 and 403 too: a ServiceAccount's token and rights take a moment to arrive everywhere after they were made. */
function failureOf({ status, retryAfterMs, body }: Answer): ApiFailure {
  const { message, details } = (body ?? {}) as { message?: string; details?: { causes?: { reason?: string }[] } };
  const isEnding = details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
  const isRetryable = !isEnding && (status === 401 || status === 403 || status === 429 || status >= 500);
  return new ApiFailure(message ?? `The API server answered with status ${status}`, isRetryable, retryAfterMs);
}

function storedSecret(body: unknown): StoredSecret {
  const { metadata, data } = (body ?? {}) as SecretObject;
  if (metadata?.name === undefined || metadata.uid === undefined) {
    throw new ApiFailure('The API server answered with something that is no Secret', true);
  }
  const decoded = Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]);
  return {
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels ?? {},
    data: Object.fromEntries(decoded) as Record<string, string>,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
