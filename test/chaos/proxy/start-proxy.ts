import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Link } from './link.ts';
import type { LinkTarget } from './link-server.ts';
import type { NumberedRequest, ProxyReply, ProxyRequest } from './requests.ts';

/** A process that carries TCP connections, as many links as are asked for, each with a behaviour of its own. */
export interface Proxy {
  /** For figures about it: its process id. */
  readonly pid: number;
  /**
   * Opens a link on a free port of the loopback address. It passes everything at first.
   *
   * @throws Error when there is one of this name
   */
  link(name: string, target: LinkTarget): Promise<Link>;
  /** Ends the process, and with it every connection. */
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./proxy-process.ts', import.meta.url));

/** Starts the process. It ends with this one, however that ends. */
export function startProxy(): Proxy {
  const child = fork(PROGRAM, [], {
    execArgv: ['--conditions=flotilla-source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = requestsTo(child);
  return {
    pid: child.pid ?? 0,
    async link(name, target) {
      const port = await ask({ type: 'open', name, target });
      return {
        name,
        port,
        async behave(behaviour) {
          await ask({ type: 'behave', name, behaviour });
        },
        reset: () => ask({ type: 'reset', name }),
      };
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Sends requests; each resolves with its own reply, and all are rejected when the process is gone. */
function requestsTo(child: ChildProcess): (request: ProxyRequest) => Promise<number> {
  const asked = new Map<number, PromiseWithResolvers<number>>();
  let last = 0;
  child.on('message', ({ id, value, error }: ProxyReply) => {
    const waiting = asked.get(id);
    asked.delete(id);
    if (error === undefined) waiting?.resolve(value ?? 0);
    else waiting?.reject(new Error(error));
  });
  const gone = (): void => {
    for (const waiting of asked.values()) waiting.reject(new Error('the proxy has ended'));
    asked.clear();
  };
  child.on('exit', gone).on('error', gone);
  return (request) => {
    const waiting = Promise.withResolvers<number>();
    if (!child.connected) return Promise.reject(new Error('the proxy has ended'));
    const id = ++last;
    asked.set(id, waiting);
    child.send({ id, request } satisfies NumberedRequest);
    return waiting.promise;
  };
}
