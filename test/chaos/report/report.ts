import { createHash } from 'node:crypto';
import type { Verdict } from '../observer/verdict.ts';
import { chartDataOf } from './charts.ts';
import { chartsSection } from './charts-section.ts';
import { faultsSection } from './faults-section.ts';
import { figuresSection } from './figures-section.ts';
import { type Html, html, jsonInScript } from './html.ts';
import type { RunDescription } from './run-description.ts';
import { aboutSection } from './about-section.ts';
import { verdictHeader, violationsSection, verdictWord } from './verdict-section.ts';

/** What makes the page work and look as it does, put into it whole. */
export interface ReportAssets {
  /** Runs once the page stands; finds what it draws in the element `chart-data`. */
  readonly script: string;
  readonly style: string;
}

/**
 * The report of a run: one HTML page that needs nothing besides, and by its own policy can load nothing. It can be read and
 * printed without its script; only the charts need it.
 */
export function renderReport(run: RunDescription, verdict: Verdict, { script, style }: ReportAssets): string {
  const data = chartDataOf(verdict);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(script, style)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${verdictWord(verdict)}: Flotilla, chaos run ${run.seed}</title>
        <link rel="icon" href="data:," />
        ${inline('style', style)}
      </head>
      <body>
        <main>
          ${verdictHeader(run, verdict)} ${violationsSection(verdict)} ${aboutSection(run, verdict)}
          ${chartsSection(data)} ${faultsSection(run, verdict)} ${figuresSection(verdict)}
        </main>
        <script type="application/json" id="chart-data">
          ${jsonInScript(data)}
        </script>
        ${inline('script', script)}
      </body>
    </html> `.markup;
}

/** An element with nothing in it but the text: the policy knows it by its hash. */
function inline(name: 'script' | 'style', text: string): Html {
  return { markup: `<${name}>${text}</${name}>` };
}

/** Nothing is loaded, and no script or style counts but these two. */
function policy(script: string, style: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    `default-src 'none'`,
    `img-src data:`,
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}
