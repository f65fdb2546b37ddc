import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../observer/verdict.ts';
import { exampleRun } from './example-run.ts';
import { renderReport } from './report.ts';

const assets = { script: 'draw()', style: 'p{}' };

function rendered(change: Partial<Verdict> = {}, hasFailed = false): string {
  const { run, verdict } = exampleRun(hasFailed);
  return renderReport(run, { ...verdict, ...change }, assets);
}

describe('the report of a chaos run', () => {
  it('says that it passed, with what was accepted, delivered and found, and the command that replays it', () => {
    const page = rendered();
    expect(page).toContain('Nothing was lost, duplicated, reordered or invented, and all');
    for (const told of [
      'flotilla 0.1.0 · redis 7.0.15 · node 24.4.1',
      '>93,412<',
      '>1,184,206<',
      '>1,500<',
      '--seed 4711 --shards 3',
    ])
      expect(page).toContain(told);
    expect(page).not.toContain('id="violations"');
    expect(page).not.toContain('✗');
  });

  it('shows the violations of a failed run at full text, before anything else', () => {
    const page = rendered({}, true);
    const order = ['212 violations; 3 of 147 bounds missed.', 'id="violations"', 'What was tested', 'id="charts"'];
    const places = order.map((text) => page.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(page).toContain(
      'message 17 of sender-0.1 in inbox:c-0071 was accepted at 20.170 s and never reached c-0071',
    );
    expect(page).toContain('And 206 more');
  });

  it('has no element of a hostile name, be it a phase, a fault, a figure, a series or a violation', () => {
    const hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)">\'';
    const span = { name: hostile, detail: hostile, fromS: 0, toS: 9 };
    const page = rendered({
      violations: [{ phase: hostile, kind: 'lost', text: hostile }],
      figures: [{ phase: hostile, name: hostile, value: 1, most: 0, unit: '' }],
      faults: [span],
      phases: [span],
      series: [{ name: hostile, unit: hostile, seconds: [0, 1], values: [1, null] }],
    });
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
    expect(page.match(/<script/gu)).toHaveLength(2);
    expect(page.match(/<\/script/gu)).toHaveLength(2);
  });

  it('allows its own script and style, and nothing to be loaded', () => {
    const page = rendered();
    const hash = (text: string): string => `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
    expect(page).toContain(`default-src &#39;none&#39;`);
    expect(page).toContain(`script-src ${hash(assets.script)}; style-src ${hash(assets.style)}`);
    expect(page).toContain(`<script>${assets.script}</script>`);
    expect(page).not.toMatch(/https?:/u);
  });

  it('tells what was unavoidable beside what was lost, and does not say that nothing was', () => {
    const { verdict } = exampleRun();
    const told = { phase: 'redis-restart', name: 'lost and told, plain', value: 37, most: null, unit: '' } as const;
    const page = rendered({ figures: [...verdict.figures, told] });
    expect(page).toContain('but what a fault made unavoidable');
    expect(page).toContain('and 37 unavoidable');
  });

  it('counts a figure that is no number as missed', () => {
    const unknown = { phase: '', name: 'served again', value: Number.NaN, most: 5, unit: 'ms' } as const;
    expect(rendered({ passed: false, figures: [unknown] })).toContain('✗ unknown');
  });

  it('names no kind as not found of which there was one', () => {
    const page = rendered({}, true);
    expect(page).toContain('lost (plain, Socket.IO)');
    expect(page.match(/None:<\/b> lost, duplicated/gu)).toHaveLength(7);
  });
});
