import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERRORS, type FlotillaError } from '@flotilla-im/protocol';

/** The JSON body of an HTTP answer that refuses: `{"error": {"code", "message", "retryAfterMs"?}}`. */
export function errorBody(error: FlotillaError): string {
  const { code, message, retryAfterMs } = error;
  return JSON.stringify({ error: { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } });
}

/** Answers with JSON that nobody may cache. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Refuses with the error's status and, where a retry is wanted, Retry-After (RFC 9110, section 10.2.3: whole seconds). */
export function answerError(
  response: ServerResponse,
  error: FlotillaError,
  status: number = ERRORS[error.code].httpStatus,
): void {
  answerJson(response, status, errorBody(error), retryHeader(error));
}

/** Refuses on a socket that no response stands for (an upgrade), and closes it. */
export function refuseSocket(
  socket: Duplex,
  error: FlotillaError,
  status: number = ERRORS[error.code].httpStatus,
): void {
  const body = errorBody(error);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...retryHeader(error),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\n${head.join('')}\r\n${body}`);
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  408: 'Request Timeout',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

function retryHeader(error: FlotillaError): Record<string, string> {
  if (error.retryAfterMs === undefined) return {};
  return { 'retry-after': String(Math.ceil(error.retryAfterMs / 1_000)) };
}
