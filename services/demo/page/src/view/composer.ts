import { byId } from './dom.ts';

/** The tallest it grows, in pixels. */
const TALLEST = 160;

/** Where messages are written: Enter sends, Shift+Enter begins a new line. @param typed - called with each letter */
export function wireComposer(send: (text: string) => void, typed: () => void): void {
  const form = byId('message-form', HTMLFormElement);
  const field = byId('text', HTMLTextAreaElement);
  const fit = (): void => {
    field.style.height = '';
    field.style.height = `${Math.min(field.scrollHeight + 2, TALLEST)}px`;
  };
  field.addEventListener('input', () => {
    fit();
    if (field.value.trim() !== '') typed();
  });
  field.addEventListener('keydown', (event) => {
    // While a word is being composed (Chinese, Japanese, …) Enter is part of that.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return;
    field.value = '';
    field.style.height = '';
    send(text);
  });
}
