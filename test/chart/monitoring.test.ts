import { describe, expect, it } from '@jest/globals';
import { find, render, specOf } from './support/render.ts';

const values = {
  monitoring: {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: { enabled: true, disabled: ['FlotillaFrozen'], alertLabels: { team: 'chat' } },
    dashboard: { enabled: true },
  },
};

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe('monitoring', () => {
  it('is off as it comes', async () => {
    const groups = (await render()).filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com'));
    expect(groups).toEqual([]);
  });

  it('finds shards by the one Service that names them all, once', async () => {
    const objects = await render({ values });
    const { selector } = specOf(objects, 'ServiceMonitor', 'chat-flotilla-im');
    const { matchLabels } = selector as { matchLabels: Record<string, string> };
    const found = objects.filter(
      ({ kind, metadata }) =>
        kind === 'Service' && Object.entries(matchLabels).every(([name, value]) => metadata.labels?.[name] === value),
    );
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['chat-flotilla-im']);
  });

  it('alerts about this release alone, and says what to do', async () => {
    const { groups } = specOf(await render({ values }), 'PrometheusRule', 'chat-flotilla') as unknown as {
      groups: { rules: Alert[] }[];
    };
    const alerts = groups[0]?.rules ?? [];
    expect(alerts.length).toBeGreaterThan(10);
    for (const { expr, annotations, labels } of alerts) {
      const selectors = expr.match(/\{[^}]*\}/gu) ?? [];
      expect(selectors).not.toEqual([]);
      for (const selector of selectors) {
        expect(selector).toMatch(/^\{namespace="messaging",service="chat-flotilla-(im|operator)"/u);
      }
      expect(annotations['runbook']?.length).toBeGreaterThan(40);
      expect(labels).toMatchObject({
        severity: expect.stringMatching(/^(critical|warning|info)$/u) as unknown,
        team: 'chat',
      });
    }
    expect(alerts.map(({ alert }) => alert)).not.toContain('FlotillaFrozen');
  });

  it('brings a dashboard that Grafana finds by its label', async () => {
    const map = find(await render({ values }), 'ConfigMap', 'chat-flotilla-dashboard');
    expect(map.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    const [text = ''] = Object.values(map.data ?? {});
    expect(JSON.parse(text)).toMatchObject({ title: 'Flotilla' });
  });
});
