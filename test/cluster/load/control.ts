import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Load } from './load.ts';

/** What the test asks of the load, by method and path; the Kubernetes API server passes it on. */
type Command = (load: Load) => unknown;

const COMMANDS: Readonly<Record<string, Command>> = Object.freeze({
  'GET /status': (load) => load.status(),
  'GET /report': (load) => load.report(),
  'GET /places': (load) => load.places(),
  'POST /mark': (load) => load.mark(),
  'POST /resume': (load) => load.resume(),
  'POST /pause': (load) => load.pause(),
  'POST /join': (load) => load.join(),
});

/** Longer than any pause between two commands: an API server that asks while a connection is being closed gets no answer. */
const KEPT_OPEN_MS = 600_000;

/** Answers the test's commands with JSON: the result, or `{}` for none. */
export function startControl(port: number, load: Load): Server {
  const server = createServer((request, response) => void answer(load, request, response));
  server.keepAliveTimeout = KEPT_OPEN_MS;
  return server.listen(port);
}

async function answer(load: Load, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = `${request.method ?? ''} ${request.url ?? ''}`;
  const command = COMMANDS[name];
  const [status, body] = command === undefined ? [404, { error: `there is no ${name}` }] : await run(command, load);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function run(command: Command, load: Load): Promise<[number, unknown]> {
  try {
    return [200, (await command(load)) ?? {}];
  } catch (error) {
    return [500, { error: String(error) }];
  }
}
