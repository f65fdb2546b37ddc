import type { SessionAnswer } from '../../src/words.ts';
import { api } from './api.ts';
import { ChatPage } from './chat-page.ts';
import { byId } from './view/dom.ts';

/** Shows the chat, or asks for a name first. */
function start({ clientId, isLocal, mayBroadcast }: SessionAnswer): void {
  byId('sign-in', HTMLElement).hidden = clientId !== null;
  byId('chat', HTMLElement).hidden = clientId === null;
  byId('local', HTMLElement).hidden = !isLocal;
  if (clientId !== null) new ChatPage(clientId, mayBroadcast);
  else byId('name', HTMLElement).focus();
}

function complain(error: unknown): void {
  byId('sign-in', HTMLElement).hidden = false;
  byId('sign-in-error', HTMLElement).textContent = error instanceof Error ? error.message : String(error);
}

byId('sign-in-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  api
    .signIn(byId('name', HTMLInputElement).value)
    .then((session) => {
      start(session);
      // The form that had it is gone.
      byId('chat', HTMLElement).focus();
    })
    .catch(complain);
});

api.session().then(start, complain);
