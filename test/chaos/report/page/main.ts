import type { ChartData } from '../chart-data.ts';
import { drawChart } from './chart.ts';
import { connectControls } from './controls.ts';
import { fillLane } from './lane.ts';
import { element } from './element.ts';
import { watchColours } from './theme.ts';
import { Views } from './view.ts';

const data = JSON.parse(element('chart-data').textContent) as ChartData;
const views = new Views(data.durationS);
fillLane(element('lane'), data.faults, views);
const charts = data.charts.map((plan) => drawChart(plan, data.faults, views));
connectControls(data.faults, views);
watchColours(() => {
  for (const chart of charts) chart.redraw();
});
