import { api } from './api.ts';
import { ChatPage } from './chat-page.ts';
import { byId } from './dom.ts';

const signIn = byId('sign-in', HTMLElement);
const chat = byId('chat', HTMLElement);

function start(me: string): void {
  signIn.hidden = true;
  chat.hidden = false;
  chat.dataset['view'] = 'list';
  const page = new ChatPage(me);
  const submitted = (form: string, input: string, act: (text: string) => Promise<void>): void => {
    byId(form, HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const field = byId(input, HTMLInputElement);
      const text = field.value.trim();
      field.value = '';
      if (text !== '') attempt(act(text));
    });
  };
  submitted('message-form', 'text', (text) => page.write(text));
  submitted('channel-form', 'channel-name', (name) => page.choose(`#${name}`));
  submitted('person-form', 'person-name', (name) => page.choose(`@${name}`));
  byId('back', HTMLElement).addEventListener('click', () => page.showList());
  byId('leave', HTMLElement).addEventListener('click', () => attempt(page.leave()));
  byId('sign-out', HTMLElement).addEventListener('click', () => {
    attempt(signOut(page));
  });
}

async function signOut(page: ChatPage): Promise<void> {
  await api.signOut();
  await page.close();
  location.reload();
}

/** What went wrong is said in a sentence above the conversation, for a while. */
function attempt(action: Promise<void>): void {
  action.catch((error: unknown) => {
    const notice = byId('notice', HTMLElement);
    notice.textContent = error instanceof Error ? error.message : String(error);
    notice.hidden = false;
    setTimeout(() => {
      notice.hidden = true;
    }, 6_000);
  });
}

function askForName(): void {
  signIn.hidden = false;
  byId('name', HTMLInputElement).focus();
  byId('sign-in-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    api.signIn(byId('name', HTMLInputElement).value).then(
      ({ clientId }) => start(clientId),
      (error: unknown) => {
        byId('sign-in-error', HTMLElement).textContent = error instanceof Error ? error.message : String(error);
      },
    );
  });
}

api.session().then(({ clientId }) => start(clientId), askForName);
