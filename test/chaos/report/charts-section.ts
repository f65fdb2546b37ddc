import type { ChartData, ChartLine, ChartPlan } from './chart-data.ts';
import { type Html, html } from './html.ts';
import { counted, formatTime, formatValue } from './quantities.ts';

/** The places of the charts, with all that can be said without drawing: titles, keys, what a chart shows in words. */
export function chartsSection({ charts, faults, durationS }: ChartData): Html {
  return html`<section id="charts" aria-labelledby="charts-title">
    <h2 id="charts-title">The run</h2>
    <p class="faint hint">
      Drag across a chart to look closer, double-click to see the whole run again; or choose a fault by its name. The
      time can be moved with the arrow keys.
    </p>
    <noscript
      ><p>
        The charts are drawn by a script, which does not run here. All figures stand in the tables below.
      </p></noscript
    >
    <div id="stack">
      <div id="ruler">
        <div class="readout">
          <p><b id="now">${formatTime(0)}</b> <span id="happening"></span></p>
          <div class="zoom" role="group" aria-label="Zoom">
            <button type="button" id="zoom-out" aria-label="Show more time">−</button>
            <button type="button" id="zoom-in" aria-label="Show less time">+</button>
            <button type="button" id="whole">Whole run</button>
          </div>
        </div>
        <div id="lane" role="group" aria-label="${counted(faults.length, 'fault')}, each leads to its time"></div>
        <input type="range" id="time" aria-label="Time in the run" min="0" max="${durationS}" step="any" value="0" />
      </div>
      ${charts.map(chartFigure)}
    </div>
  </section>`;
}

function chartFigure(chart: ChartPlan): Html {
  return html`<figure class="chart ${chart.shape}">
    <figcaption>
      <b>${chart.title}</b>${unitOf(chart)}
      <ul>
        ${chart.lines.map((line, index) => key(line, index))}
      </ul>
    </figcaption>
    <div class="plot" id="chart-${chart.id}" role="img" aria-label="${inWords(chart)}"></div>
  </figure>`;
}

const units: Readonly<Record<string, string>> = { '/s': 'per second', ms: 'ms, logarithmic', MB: 'MB' };

function unitOf({ unit }: ChartPlan): Html | null {
  return unit === '' ? null : html` <span class="faint">${units[unit] ?? unit}</span>`;
}

function key({ label, colour, dash }: ChartLine, index: number): Html {
  return html`<li>
    <svg class="line-${colour}" width="22" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="21" y2="4" stroke-dasharray="${dash.join(' ')}" /></svg
    >${label} <span class="value" data-line="${index}"></span>
  </li>`;
}

/** What a chart shows, for those who do not see it: from where to where each line goes. */
function inWords({ title, unit, lines }: ChartPlan): string {
  const told = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: nothing`;
    const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
    return `${label}: from ${formatValue(least, unit)} to ${formatValue(most, unit)}`;
  });
  return `${title} over the time of the run. ${told.join('; ')}.`;
}
