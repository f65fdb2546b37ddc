import { fleetPanelSuite } from './suites/fleet-panel.ts';
import { changesSuite } from './suites/while-it-changes.ts';
import { clusterStage } from './stage.ts';

const stage = clusterStage(18_700, ['--shards', '2']);

// The panel makes three shards of two, from which the changes start.
fleetPanelSuite(stage);
changesSuite(stage);
