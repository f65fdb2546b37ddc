import type { FaultMark } from '../chart-data.ts';
import { formatTime } from '../quantities.ts';
import { element } from './element.ts';
import { lookClosely } from './lane.ts';
import type { Views } from './view.ts';

/** What is not drawn: the time that can be moved, the buttons, the links from the faults to the charts, the copy of the command. */
export function connectControls(faults: readonly FaultMark[], views: Views): void {
  connectTime(element('time') as HTMLInputElement, faults, views);
  element('zoom-in').addEventListener('click', () => views.zoom(0.5));
  element('zoom-out').addEventListener('click', () => views.zoom(2));
  element('whole').addEventListener('click', () => views.whole());
  element('stack').addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') views.whole();
  });
  for (const link of document.querySelectorAll<HTMLElement>('a[data-fault]')) {
    const fault = faults.find(({ number }) => String(number) === link.dataset['fault']);
    if (fault !== undefined) link.addEventListener('click', () => lookClosely(fault, views));
  }
  connectCopy(element('copy') as HTMLButtonElement);
}

function connectTime(time: HTMLInputElement, faults: readonly FaultMark[], views: Views): void {
  time.addEventListener('input', () => views.lookAt(time.valueAsNumber));
  time.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const { fromS, toS, nowS } = views.view;
    views.lookAt(nowS + (step * (toS - fromS)) / 240);
  });
  views.subscribe(({ fromS, toS, nowS }) => {
    // In this order: a value is cut to the limits that hold when it is set.
    Object.assign(time, { min: String(fromS), max: String(toS), value: String(nowS) });
    const happening = happeningAt(faults, nowS);
    time.setAttribute('aria-valuetext', `${formatTime(nowS)}, ${happening}`);
    element('now').textContent = formatTime(nowS);
    element('happening').textContent = happening;
  });
}

/** Keys of the time, in parts of 240 of what is shown: a second of a run of four minutes. */
const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 24,
  PageDown: -24,
};

/** What is going on at a time, in words. */
export function happeningAt(faults: readonly FaultMark[], nowS: number): string {
  const last = faults.findLast(({ fromS }) => fromS <= nowS);
  if (last === undefined) return 'before the first fault';
  const named = `fault ${last.number}, ${last.name}`;
  return nowS <= last.toS ? `in ${named}` : `${formatTime(nowS - last.toS)} after ${named}`;
}

/** Where the page may not write to the clipboard, the button stays away. */
function connectCopy(button: HTMLButtonElement): void {
  // A page that was opened from a file has no clipboard in some browsers, whatever its type says.
  const { clipboard } = navigator as Partial<Navigator>;
  const command = document.getElementById(button.dataset['copies'] ?? '')?.textContent;
  if (clipboard === undefined || command === undefined) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const told = (text: string): void => {
      button.textContent = text;
    };
    clipboard.writeText(command).then(
      () => told('Copied'),
      () => told('Not allowed here'),
    );
  });
}
