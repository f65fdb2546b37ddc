import type { Figure, Verdict } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';
import { formatValue, isMissed } from './quantities.ts';
import { figuresOfRun, isTold, type Stretch, stretchesOf } from './stretches.ts';

interface Column {
  readonly name: string;
  readonly numbers: string;
  readonly figures: readonly Figure[];
}

/** All figures in one table: a row for each name, a column for each stretch of the run. */
export function figuresSection(verdict: Verdict): Html {
  const ofRun = figuresOfRun(verdict);
  const run: Column[] = ofRun.length === 0 ? [] : [{ name: 'whole run', numbers: '', figures: ofRun }];
  const stretches = stretchesOf(verdict).filter((stretch) => stretch.figures.length > 0 && isTold(stretch));
  const columns = [...stretches.map(columnOf), ...run];
  const names = [...new Set(columns.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return html`<section aria-labelledby="figures-title">
    <h2 id="figures-title">All figures</h2>
    <p class="faint">With the most that is allowed; a figure without is told, and not held against the system.</p>
    <div class="box" tabindex="0" role="region" aria-label="Table of all figures">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            ${columns.map(({ name, numbers }) => html`<th scope="col">${numbers}${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map((name) => row(columns, name))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function columnOf({ name, figures, faults }: Stretch): Column {
  const numbers = faults.map(({ number }) => `${number} · `).join('');
  return { name, numbers, figures };
}

function row(columns: readonly Column[], name: string): Html {
  const own = columns.map(({ figures }) => figures.filter((figure) => figure.name === name));
  const isNoneAllowed = own.flat().every(({ most }) => most === 0);
  return html`<tr>
    <th scope="row">${name}${isNoneAllowed ? html` <small>none allowed</small>` : null}</th>
    ${own.map((figures) => cell(figures, isNoneAllowed))}
  </tr>`;
}

/** A name that stands more than once in a stretch stands so in its cell. */
function cell(figures: readonly Figure[], isNoneAllowed: boolean): Html {
  if (figures.length === 0) return html`<td><span class="unseen">not measured</span></td>`;
  const values = figures.map((figure) => {
    const bound =
      figure.most === null || isNoneAllowed ? null : html`<small>≤ ${formatValue(figure.most, figure.unit)}</small>`;
    return html`${isMissed(figure) ? '✗ ' : ''}${formatValue(figure.value, figure.unit)}${bound}`;
  });
  return html`<td class="${figures.some(isMissed) ? 'missed' : 'held'}">${values}</td>`;
}
