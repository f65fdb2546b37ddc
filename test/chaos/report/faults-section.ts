import type { Figure, Series, Verdict } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';
import { formatBound, formatLength, formatTime, formatValue, isMissed } from './quantities.ts';
import { pointsWithin, sparkline } from './sparkline.ts';
import { hasFailed, type NumberedFault, type Stretch, stretchesOf } from './stretches.ts';

/** Each stretch of the run with its faults: what was done, when, and what held. */
export function faultsSection(verdict: Verdict): Html {
  return html`<section aria-labelledby="faults-title">
    <h2 id="faults-title">Fault by fault</h2>
    <ol class="stretches">
      ${stretchesOf(verdict).map((stretch) => stretchItem(stretch, verdict.series))}
    </ol>
  </section>`;
}

function stretchItem(stretch: Stretch, series: readonly Series[]): Html {
  const failed = hasFailed(stretch);
  const [only] = stretch.faults;
  const title = stretch.faults.length === 1 && only !== undefined ? only.name : stretch.name;
  return html`<li class="stretch ${failed ? 'missed' : 'held'}" id="stretch-${Math.round(stretch.fromS * 1_000)}">
    <div class="head">
      <h3>${stretch.faults.map(badge)}${title}</h3>
      ${outcome(stretch)}
      <p class="faint when">${formatTime(stretch.fromS)} to ${formatTime(stretch.toS)}</p>
    </div>
    ${stretch.faults.length === 0 ? paragraph(stretch.detail) : stretch.faults.map((fault) => faultText(fault, stretch.faults.length > 1))}
    ${stretch.faults.length === 0 ? null : excerpts(stretch, series)} ${figuresOf(stretch.figures)}
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
  return text === '' ? null : html`<p>${text}</p>`;
}

function faultText({ number, name, detail, fromS, toS }: NumberedFault, isOneOfMany: boolean): Html {
  const lasted = toS - fromS < 0.05 ? 'at once over' : `over after ${formatLength(toS - fromS)}`;
  const opening = isOneOfMany ? html`<b>${number}: ${name}.</b> ` : null;
  const from = Math.max(0, fromS);
  return html`<p>
    ${opening}${detail} <span class="faint">Began at ${formatTime(from)}, ${lasted}.</span>
    <a class="to-charts" href="#charts" data-fault="${number}">In the charts<span class="unseen">: ${name}</span></a>
  </p>`;
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

/** Those that were missed first, then those that are held to a bound, then those that are only told. */
function figuresOf(figures: readonly Figure[]): Html | null {
  if (figures.length === 0) return null;
  const rank = (figure: Figure): number => (isMissed(figure) ? 0 : figure.most === null ? 2 : 1);
  return html`<dl class="figures">${figures.toSorted((a, b) => rank(a) - rank(b)).map(figureItem)}</dl>`;
}

function figureItem(figure: Figure): Html {
  const missed = isMissed(figure);
  const bound = figure.most === null ? null : html` <small>${boundInWords(figure)}</small>`;
  return html`<div class="${missed ? 'missed' : 'held'}">
    <dt>${figure.name}</dt>
    <dd>${missed ? '✗ ' : ''}${formatValue(figure.value, figure.unit)}${bound}</dd>
  </div>`;
}

function boundInWords(figure: Figure): string {
  return figure.most === 0 ? 'of 0 allowed' : formatBound(figure);
}
