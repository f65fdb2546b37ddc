// The process of a proxy: serves links until the process that forked it is gone.
import { LinkServer } from './link-server.ts';
import type { NumberedRequest, ProxyReply, ProxyRequest } from './requests.ts';

const links = new Map<string, LinkServer>();

function linkOf(name: string): LinkServer {
  const link = links.get(name);
  if (link === undefined) throw new Error(`there is no link ${name}`);
  return link;
}

async function perform(request: ProxyRequest): Promise<number> {
  switch (request.type) {
    case 'open': {
      if (links.has(request.name)) throw new Error(`there is a link ${request.name} already`);
      const link = new LinkServer(request.target);
      links.set(request.name, link);
      return link.listen();
    }
    case 'behave':
      linkOf(request.name).behave(request.behaviour);
      return 0;
    case 'reset':
      return linkOf(request.name).reset();
  }
}

process.on('message', ({ id, request }: NumberedRequest) => {
  const reply = (answer: Omit<ProxyReply, 'id'>): void => void process.send?.({ id, ...answer } satisfies ProxyReply);
  perform(request).then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
// Ctrl-C in a terminal reaches every process; the one that forked this one says when it ends.
process.on('SIGINT', () => {});
