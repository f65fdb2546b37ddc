import {
  type Configuration,
  createConfiguration,
  type HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { apiError } from './api-error.ts';
import { createSharedDispatcher } from './shared-dispatcher.ts';

/** One call by path, for what the typed clients have no call for. */
export interface ApiCall {
  readonly method: HttpMethod;
  /** From `/api` or `/apis` on. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Of the body; default `application/json`. */
  readonly contentType?: string;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

/** The way to the API server: every call of the operator goes through it, over one set of connections. */
export interface Transport {
  /** For the typed clients: `new CoreV1Api(transport.configuration)`. */
  readonly configuration: Configuration;
  /** One call with a JSON answer. @throws ApiError, or what the network says */
  call(call: ApiCall): Promise<unknown>;
  /** One call whose answer comes in pieces for as long as `signal` allows; only its beginning has a deadline. */
  stream(call: ApiCall & { readonly signal: AbortSignal }): Promise<ReadableStream<Uint8Array>>;
  /** Monotonic time of the last answer, whatever it said; -Infinity before the first. */
  answeredMs(): number;
}

/** What a transport needs. */
export interface TransportOptions {
  /** Read at the start, and again when credentials are refused: tokens and certificates are rotated. */
  readonly loadConfig: () => KubeConfig;
  /** A call without an answer in this time has failed, milliseconds. */
  readonly deadlineMs: number;
  readonly nowMs: () => number;
  /** Counts each call: its verb, and its HTTP status or `none`. */
  readonly onCall: (verb: string, code: string) => void;
}

/** Credentials are read again at most this often, milliseconds. */
const RELOAD_PAUSE_MS = 1_000;

/** @throws {ConfigError} when there is no configuration to be had */
export function createTransport(options: TransportOptions): Transport {
  const credentials = createCredentials(options);
  const http = createHttp(options, credentials.refused);
  const baseServer = new ServerConfiguration(credentials.server, {});
  const configuration = createConfiguration({
    baseServer,
    httpApi: wrapHttpLibrary(http),
    authMethods: { default: credentials.method },
  });
  const send = async (call: ApiCall): Promise<ResponseContext> => {
    const context = baseServer.makeRequestContext(call.path, call.method);
    for (const [name, value] of Object.entries(call.query ?? {})) context.setQueryParam(name, value);
    context.setHeaderParam('Accept', 'application/json');
    if (call.body !== undefined) {
      context.setHeaderParam('Content-Type', call.contentType ?? 'application/json');
      context.setBody(JSON.stringify(call.body));
    }
    if (call.signal !== undefined) context.setSignal(call.signal);
    await credentials.method.applySecurityAuthentication(context);
    const response = await http.send(context);
    if (response.httpStatusCode < 300) return response;
    const body = await response.body.text();
    throw apiError(`${call.method} ${call.path}`, response.httpStatusCode, response.headers, body);
  };
  return {
    configuration,
    answeredMs: () => http.answeredMs(),
    async call(call) {
      const text = await (await send(withDeadline(call, options.deadlineMs))).body.text();
      return JSON.parse(text) as unknown;
    },
    async stream(call) {
      const begun = new AbortController();
      const timer = setTimeout(
        () => begun.abort(new DOMException('no answer in time', 'TimeoutError')),
        options.deadlineMs,
      );
      try {
        const response = await send({ ...call, signal: AbortSignal.any([call.signal, begun.signal]) });
        return response.body.stream() ?? new ReadableStream();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function withDeadline(call: ApiCall, deadlineMs: number): ApiCall {
  const deadline = AbortSignal.timeout(deadlineMs);
  return { ...call, signal: call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline]) };
}

interface Credentials {
  readonly server: string;
  readonly method: Pick<KubeConfig, 'getName' | 'applySecurityAuthentication'>;
  /** The server did not accept them: they are read again, for the next call. */
  readonly refused: () => void;
}

function createCredentials({ loadConfig, nowMs }: TransportOptions): Credentials {
  const share = createSharedDispatcher();
  const load = (): KubeConfig => {
    const config = loadConfig();
    share(config);
    return config;
  };
  let config = load();
  let loadedMs = nowMs();
  return {
    server: config.getCurrentCluster()?.server ?? '',
    method: {
      getName: () => 'kubeconfig',
      applySecurityAuthentication: (context) => config.applySecurityAuthentication(context),
    },
    refused() {
      if (nowMs() - loadedMs < RELOAD_PAUSE_MS) return;
      loadedMs = nowMs();
      try {
        config = load();
      } catch {
        // What was read before may still be right.
      }
    },
  };
}

interface MeteredHttp {
  send(request: RequestContext): Promise<ResponseContext>;
  answeredMs(): number;
}

/** Calls of the typed clients bring no signal: theirs is the deadline. */
function createHttp({ deadlineMs, nowMs, onCall }: TransportOptions, refused: () => void): MeteredHttp {
  const library = new IsomorphicFetchHttpLibrary();
  let answeredMs = -Infinity;
  return {
    answeredMs: () => answeredMs,
    async send(request) {
      if (request.getSignal() === undefined) request.setSignal(AbortSignal.timeout(deadlineMs));
      const verb = verbOf(request);
      try {
        const response = await library.send(request).toPromise();
        answeredMs = nowMs();
        onCall(verb, String(response.httpStatusCode));
        if (response.httpStatusCode === 401) refused();
        return response;
      } catch (error) {
        onCall(verb, 'none');
        throw error;
      }
    },
  };
}

function verbOf(request: RequestContext): string {
  const method = request.getHttpMethod().toLowerCase();
  return method === 'get' && new URL(request.getUrl()).searchParams.has('watch') ? 'watch' : method;
}
