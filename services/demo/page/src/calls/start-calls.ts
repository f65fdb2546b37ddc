import { make } from '../view/dom.ts';
import { isFree } from './call-state.ts';
import { CallView } from './call-view.ts';
import { Calls } from './calls.ts';
import { Ringer } from './ringer.ts';

export type { Calls } from './calls.ts';

/** An end that was heard of or made just now is shown so long; a call that was missed until somebody looks. */
const OVER_SHOWN_MS = 8_000;

/** What the page gives. */
export interface StartCallsDeps {
  /**
   * Called after every change.
   *
   * @param isInCall - or about to be: ringing here or there
   * @param title - for the page while somebody calls; null: nobody
   */
  readonly changed: (isInCall: boolean, title: string | null) => void;
  /** It is a call of this very page, or was refused here. Called again and again. */
  readonly tookPart: (call: string) => void;
}

/** Puts the parts together, once the style is there. */
export async function startCalls({ changed, tookPart }: StartCallsDeps): Promise<Calls> {
  await loadStyle('/calls.css');
  const nowMs = (): number => performance.now();
  const ringer = new Ringer();
  let rung = '';
  let closing: ReturnType<typeof setTimeout> | undefined;
  const view = new CallView({
    accept: (withVideo) => void calls.accept(withVideo),
    refuse: () => {
      tookPart(rung);
      calls.refuse();
    },
    hangUp: () => calls.hangUp(),
    close: () => calls.close(),
    silence: () => ringer.stop(),
    nowMs,
  });
  const calls = new Calls({
    nowMs,
    changed: (state, media) => {
      view.draw(state, media);
      if ((state.type === 'dialling' || state.type === 'talking') && state.call !== null) tookPart(state.call);
      const isRinging = state.type === 'ringing' && !state.isAnswering;
      changed(!isFree(state), isRinging ? `☎ ${state.other} calls` : null);
      // Once for each call: who has silenced it hears nothing more of it.
      if (isRinging && rung !== state.call) ringer.start();
      else if (!isRinging) ringer.stop();
      if (state.type === 'ringing') rung = state.call;
      clearTimeout(closing);
      if (state.type === 'over' && !state.isMissed) closing = setTimeout(() => calls.close(), OVER_SHOWN_MS);
    },
  });
  return calls;
}

function loadStyle(href: string): Promise<void> {
  const link = make('link', { attributes: { rel: 'stylesheet', href } });
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`${href} could not be loaded`));
    });
    document.head.append(link);
  });
}
