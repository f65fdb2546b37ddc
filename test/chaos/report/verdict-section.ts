import type { Verdict, Violation } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';
import { counted, formatLength, formatNumber, isMissed } from './quantities.ts';
import type { RunDescription } from './run-description.ts';
import { type Tally, tallies } from './stretches.ts';

/** `Passed` or `Failed`. */
export function verdictWord({ passed }: Verdict): string {
  return passed ? 'Passed' : 'Failed';
}

/** The verdict in one sentence, for a page and for a terminal. */
export function verdictSentence(verdict: Verdict): string {
  const { passed, figures, violationCount } = verdict;
  const held = figures.filter(({ most }) => most !== null);
  if (passed) {
    const never = tallies(verdict).every(({ excused }) => excused === 0)
      ? 'Nothing was lost, duplicated, reordered or invented'
      : 'Nothing was lost, duplicated, reordered or invented but what a fault made unavoidable';
    return `${never}, and all ${counted(held.length, 'bound')} held.`;
  }
  const missed = held.filter(isMissed).length;
  const bounds =
    missed === 0
      ? `all ${counted(held.length, 'bound')} held`
      : `${formatNumber(missed)} of ${counted(held.length, 'bound')} missed`;
  return `${counted(violationCount, 'violation')}; ${bounds}.`;
}

/** The top of the page: what came out, in words and in figures, and how to see it again. */
export function verdictHeader(run: RunDescription, verdict: Verdict): Html {
  const clients = Object.values(verdict.clients).reduce((sum, count) => sum + count, 0);
  const faults = counted(verdict.faults.length, 'fault');
  return html`<header class="${verdict.passed ? 'passed' : 'failed'}">
    <p class="what">${['Flotilla', 'chaos run', ...versionsOf(run)].join(' · ')}</p>
    <h1><span class="mark" aria-hidden="true"></span>${verdictWord(verdict)}</h1>
    <p class="lead">${verdictSentence(verdict)} ${faults} in ${formatLength(verdict.durationS)}.</p>
    <dl class="tiles">
      ${tile('messages accepted', verdict.accepted)} ${tile('deliveries', verdict.delivered)}
      ${tile('clients', clients)} ${tallies(verdict).map(tallyTile)}
    </dl>
    <div class="replay">
      <span>The same run again</span>
      <code id="replay">${run.command}</code>
      <button type="button" id="copy" data-copies="replay" hidden>Copy</button>
    </div>
  </header>`;
}

/** `redis 7.0.15`, one for each program. */
function versionsOf({ versions }: RunDescription): string[] {
  return Object.entries(versions).map(([name, version]) => `${name} ${version}`);
}

function tile(name: string, value: number): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${formatNumber(value)}</dd>
  </div>`;
}

function tallyTile({ kind, count, excused }: Tally): Html {
  const note = excused === 0 ? null : html`<small>and ${formatNumber(excused)} unavoidable</small>`;
  return html`<div class="${count === 0 ? 'held' : 'missed'}">
    <dt>${kind}${note}</dt>
    <dd>${formatNumber(count)}</dd>
  </div>`;
}

/** Everything that must not be and was, at full length. Nothing where there is nothing. */
export function violationsSection({ violations, violationCount }: Verdict): Html | null {
  if (violationCount === 0 && violations.length === 0) return null;
  const more = violationCount - violations.length;
  return html`<section id="violations" aria-labelledby="violations-title">
    <h2 id="violations-title">${counted(violationCount, 'violation')}</h2>
    <ul class="violations">
      ${violations.map(violationItem)}
    </ul>
    ${more > 0 ? html`<p class="faint">And ${formatNumber(more)} more, which the observer counted and did not keep.</p>` : null}
  </section>`;
}

function violationItem({ phase, kind, text }: Violation): Html {
  return html`<li>
    <strong>${kind}</strong> <span class="faint">${phase === '' ? 'whole run' : phase}</span>
    <p>${text}</p>
  </li>`;
}
