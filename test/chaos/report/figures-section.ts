import type { Figure, Verdict } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';
import { formatBound, formatValue, isMissed } from './quantities.ts';
import { figuresOfRun, type Stretch, stretchesOf } from './stretches.ts';

interface Column {
  readonly name: string;
  readonly numbers: string;
  readonly figures: readonly Figure[];
}

/** All figures in one table: a row for each name, a column for each stretch of the run. */
export function figuresSection(verdict: Verdict): Html {
  const ofRun = figuresOfRun(verdict);
  const run: Column[] = ofRun.length === 0 ? [] : [{ name: 'whole run', numbers: '', figures: ofRun }];
  const columns = [
    ...run,
    ...stretchesOf(verdict)
      .filter(({ figures }) => figures.length > 0)
      .map(columnOf),
  ];
  const names = [...new Set(verdict.figures.map(({ name }) => name))];
  return html`<section aria-labelledby="figures-title">
    <h2 id="figures-title">All figures</h2>
    <p class="faint">
      Below each figure the most that is allowed; one without is told, and not held against the system.
    </p>
    <div class="box" tabindex="0" role="region" aria-labelledby="figures-title">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            ${columns.map(({ name, numbers }) => html`<th scope="col">${numbers}${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${columns.map((column) => cell(column, name))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function columnOf({ name, figures, faults }: Stretch): Column {
  const numbers = faults.map(({ number }) => `${number} · `).join('');
  return { name, numbers, figures };
}

/** A name that stands more than once in a stretch stands so in its cell. */
function cell({ figures }: Column, name: string): Html {
  const own = figures.filter((figure) => figure.name === name);
  if (own.length === 0) return html`<td class="none"><span class="unseen">not measured</span></td>`;
  const isAnyMissed = own.some(isMissed);
  return html`<td class="${isAnyMissed ? 'missed' : 'held'}">
    ${own.map((figure) => html`${isMissed(figure) ? '✗ ' : ''}${formatValue(figure.value, figure.unit)}${bound(figure)}`)}
  </td>`;
}

function bound(figure: Figure): Html | null {
  if (figure.most === null) return null;
  return html`<small>${figure.most === 0 ? 'allowed: 0' : formatBound(figure)}</small>`;
}
