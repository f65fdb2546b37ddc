import type { FaultMark } from '../chart-data.ts';
import { formatTime } from '../quantities.ts';
import type { Views } from './view.ts';

const ROW_PX = 28;
const MOST_ROWS = 4;
const GAP_PX = 6;

/** The names of the faults above the charts, each where it began; one that is chosen is looked at closely. */
export function fillLane(lane: HTMLElement, faults: readonly FaultMark[], views: Views): void {
  const buttons = faults.map((fault) => buttonOf(fault, views));
  lane.append(...buttons);
  const arrange = (): void => arrangeRows(lane, buttons, faults, views);
  new ResizeObserver(arrange).observe(lane);
  arrange();
  views.subscribe(({ fromS, toS, nowS }) => {
    for (const [index, button] of buttons.entries()) {
      const fault = faults[index];
      if (fault === undefined) continue;
      const share = (fault.fromS - fromS) / (toS - fromS);
      button.style.left = `${(share * 100).toFixed(3)}%`;
      button.hidden = share < -0.001 || share > 1;
      button.classList.toggle('chosen', nowS >= fault.fromS && nowS <= fault.toS);
    }
    arrange();
  });
}

function buttonOf(fault: FaultMark, views: Views): HTMLButtonElement {
  const { number, name, fromS, hasFailed } = fault;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = hasFailed ? 'fault failed' : 'fault';
  const badge = document.createElement('b');
  badge.textContent = String(number);
  const text = document.createElement('span');
  text.textContent = name;
  button.append(badge, ' ', text);
  button.title = `${formatTime(fromS)}: ${name}`;
  button.addEventListener('click', () => lookClosely(fault, views));
  return button;
}

/** Shows a fault with what came before it and what came after. */
export function lookClosely({ fromS, toS }: FaultMark, views: Views): void {
  const around = Math.max(8, toS - fromS);
  views.lookAt(fromS);
  views.show(fromS - around / 2, toS + around);
}

/**
 * Each name goes into the first row where it does not cover another. Too many for a few rows: then their numbers alone. The
 * lane is as high as the whole run needs, so nothing below it moves while somebody looks closer.
 */
function arrangeRows(
  lane: HTMLElement,
  buttons: readonly HTMLButtonElement[],
  faults: readonly FaultMark[],
  views: Views,
): void {
  const { fromS, toS } = views.view;
  const width = lane.clientWidth;
  const lefts = faults.map((fault) => (width * (fault.fromS - fromS)) / (toS - fromS));
  const spansWhen = (isNarrow: boolean): Span[] => {
    for (const button of buttons) button.classList.toggle('narrow', isNarrow);
    return buttons.map((button, index) => spanOf(lefts[index] ?? 0, button.offsetWidth, width));
  };
  const named = spansWhen(false);
  const spans = heightOf(rowsOf(named)) <= MOST_ROWS ? named : spansWhen(true);
  const rows = rowsOf(spans);
  for (const [index, button] of buttons.entries()) {
    button.style.top = `${(rows[index] ?? 0) * ROW_PX}px`;
    button.classList.toggle('flipped', (spans[index]?.from ?? 0) < (lefts[index] ?? 0));
  }
  if (views.isWhole) lane.style.height = `${heightOf(rows) * ROW_PX}px`;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A name begins at its fault; where it would reach over the end it ends there instead. */
function spanOf(left: number, width: number, most: number): Span {
  return left + width > most && left >= width ? { from: left - width, to: left } : { from: left, to: left + width };
}

function rowsOf(spans: readonly Span[]): number[] {
  const rows: Span[][] = [];
  return spans.map((span) => {
    if (span.to === span.from) return 0;
    const isFree = (row: readonly Span[]): boolean =>
      row.every((other) => other.to + GAP_PX <= span.from || span.to + GAP_PX <= other.from);
    const free = rows.findIndex(isFree);
    if (free === -1) return rows.push([span]) - 1;
    rows[free]?.push(span);
    return free;
  });
}

function heightOf(rows: readonly number[]): number {
  return Math.max(0, ...rows) + 1;
}
