import type { Figure, Series, Verdict } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';
import type { Excuse } from '../journal/record.ts';
import { formatBound, formatLength, formatTime, formatValue, isMissed } from './quantities.ts';
import { pointsWithin, sparkline } from './sparkline.ts';
import type { RunDescription } from './run-description.ts';
import { hasFailed, type NumberedFault, type Stretch, stretchesOf } from './stretches.ts';

/** Each stretch of the run with its faults: what was done, when, and what held. */
export function faultsSection({ faultWords = {} }: RunDescription, verdict: Verdict): Html {
  const stretches = stretchesOf(verdict).filter((stretch) => stretch.faults.length > 0 || hasFailed(stretch));
  return html`<section aria-labelledby="faults-title">
    <h2 id="faults-title">Fault by fault</h2>
    <ol class="stretches">
      ${stretches.map((stretch) => stretchItem(stretch, faultWords, verdict.series))}
    </ol>
  </section>`;
}

type Words = Readonly<Record<string, string>>;

function stretchItem(stretch: Stretch, words: Words, series: readonly Series[]): Html {
  const failed = hasFailed(stretch);
  const [only] = stretch.faults;
  const title = stretch.faults.length === 1 && only !== undefined ? only.name : stretch.name;
  return html`<li class="stretch ${failed ? 'missed' : 'held'}" id="stretch-${Math.round(stretch.fromS * 1_000)}">
    <div class="head">
      <h3>${stretch.faults.map(badge)}${title}</h3>
      ${outcome(stretch)}
      <p class="faint when">${formatTime(stretch.fromS)} to ${formatTime(stretch.toS)}</p>
    </div>
    ${stretch.faults.map((fault) => faultText(fault, words[fault.name], stretch.faults.length > 1))}
    ${paragraph(excusesInWords(stretch.detail))} ${stretch.faults.length === 0 ? null : excerpts(stretch, series)}
    ${figuresOf(stretch.figures)}
  </li>`;
}

function badge({ number }: NumberedFault): Html {
  return html`<span class="badge">${number}</span> `;
}

function outcome(stretch: Stretch): Html | null {
  const bounds = stretch.figures.filter(({ most }) => most !== null);
  const missed = bounds.filter(isMissed).length;
  if (!hasFailed(stretch)) return bounds.length === 0 ? null : html`<p class="outcome">✓ held</p>`;
  const violations = stretch.violations.length;
  const text =
    missed > 0
      ? `${missed} of ${bounds.length} bounds missed`
      : `${violations} violation${violations === 1 ? '' : 's'}`;
  return html`<p class="outcome">✗ ${text}</p>`;
}

function paragraph(text: string): Html | null {
  return text === '' ? null : html`<p class="faint excused">${text}</p>`;
}

/** What faults make unavoidable; a detail that names no excuses stands as it is. */
function excusesInWords(detail: string): string {
  const told = detail.split(', ').map((name) => Object.entries(excuseWords).find(([excuse]) => excuse === name)?.[1]);
  return told.includes(undefined) ? detail : `Unavoidable here, so told and not held against it: ${told.join('; ')}.`;
}

const excuseWords: Readonly<Record<Excuse, string>> = {
  'redis-lost-writes': 'Redis may lose accepted messages, if everybody concerned is told',
  'master-dies': 'what only the dead master had for clients that were away is gone, and nobody left can know',
  'gap-of-delivery': 'deliveries may pause for more than 100 ms',
  'connections-close': 'connections may end although their slot did not move',
  'clients-offline': 'clients may be told offline, once',
};

function faultText(
  { number, name, detail, fromS, toS }: NumberedFault,
  what: string | undefined,
  isOneOfMany: boolean,
): Html {
  const lasted = toS - fromS < 0.05 ? 'at once over' : `over after ${formatLength(toS - fromS)}`;
  const opening = isOneOfMany ? html`<b>${number}: ${name}.</b> ` : null;
  const from = Math.max(0, fromS);
  return html`<p>
    ${opening}${sentence(what, detail)} <span class="faint">Began at ${formatTime(from)}, ${lasted}.</span>
    <a class="to-charts" href="#charts" data-fault="${number}">In the charts<span class="unseen">: ${name}</span></a>
  </p>`;
}

/** What the fault does and to whom, as a sentence: `kill -9 of a shard: shard 1.` */
function sentence(what: string | undefined, detail: string): string {
  const told = [what ?? '', detail].filter((text) => text !== '').join(': ');
  if (told === '') return '';
  return /[.!?]$/u.test(told) ? told : `${told}.`;
}

/** What a stretch looked like, small: deliveries, and the slowest of a hundred. */
function excerpts(stretch: Stretch, series: readonly Series[]): Html {
  const span = { fromS: Math.max(0, stretch.fromS - 2), toS: stretch.toS };
  const told = [
    { name: 'deliveries/s', words: 'deliveries', side: 'lowest' },
    { name: 'latency p99', words: 'latency p99', side: 'highest' },
  ] as const;
  const drawn = told.flatMap(({ name, words, side }) => {
    const found = series.find((one) => one.name === name);
    const values =
      found === undefined ? [] : pointsWithin(found, span).flatMap(({ value }) => (value === null ? [] : [value]));
    if (found === undefined || values.length < 2) return [];
    const extreme = values.reduce((a, b) => (side === 'lowest' ? Math.min(a, b) : Math.max(a, b)));
    return [
      html`<figure>
        ${sparkline(found, span, stretch.faults)}
        <figcaption>${words}, ${side} ${formatValue(extreme, found.unit)}</figcaption>
      </figure>`,
    ];
  });
  return html`<div class="excerpts">${drawn}</div>`;
}

/** Those that were missed first, then those that are held to a bound, then those that are only told; counts of nothing in one line. */
function figuresOf(figures: readonly Figure[]): Html | null {
  const none = figures.filter(({ value, most }) => value === 0 && most === 0);
  const rank = (figure: Figure): number => (isMissed(figure) ? 0 : figure.most === null ? 2 : 1);
  const others = figures
    .filter(({ value, most }) => value !== 0 || (most !== null && most !== 0))
    .toSorted((a, b) => rank(a) - rank(b));
  return html`${none.length === 0 ? null : noneFound(none, figures)}
  ${others.length === 0 ? null : html`<dl class="figures">${others.map(figureItem)}</dl>`}`;
}

/** `None: reordered, phantom, lost (plain).` Names that differ behind a comma are one, unless one of them was found. */
function noneFound(none: readonly Figure[], all: readonly Figure[]): Html {
  const kindOf = ({ name }: Figure): string => name.split(', ', 1)[0] ?? name;
  const told = [...Map.groupBy(none, kindOf)].map(([kind, own]) => {
    const isWhole = own.length === all.filter((figure) => figure.most === 0 && kindOf(figure) === kind).length;
    return isWhole ? kind : `${kind} (${own.map(({ name }) => name.slice(kind.length + 2)).join(', ')})`;
  });
  return html`<p class="none-found"><b>None:</b> ${told.join(', ')}.</p>`;
}

function figureItem(figure: Figure): Html {
  const missed = isMissed(figure);
  const bound = figure.most === null ? null : html` <small>${formatBound(figure)}</small>`;
  return html`<div class="${missed ? 'missed' : 'held'}">
    <dt>${figure.name}</dt>
    <dd>${missed ? '✗ ' : ''}${formatValue(figure.value, figure.unit)}${bound}</dd>
  </div>`;
}
