import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';
import { byId, make, setText } from '../view/dom.ts';
import { ChangeList } from './change-list.ts';
import { controlSentence, newsOf } from './sentences.ts';
import { ShardTable } from './shard-table.ts';
import { SlotGrid } from './slot-grid.ts';

/** As many shards as one machine is asked for here. */
const MOST_SHARDS = 8;

/** What the panel asks for. */
export interface FleetActions {
  readonly scale: (shards: number) => void;
  readonly kill: (shard: number) => void;
}

/** What is in the panel, loaded when it is first opened. */
export class FleetDetails {
  readonly #grid = new SlotGrid();
  readonly #table: ShardTable;
  readonly #changes = new ChangeList();
  readonly #scales: readonly HTMLButtonElement[];

  constructor({ scale, kill }: FleetActions) {
    this.#table = new ShardTable({ kill, highlight: (shard) => this.#grid.highlight(shard) });
    this.#scales = Array.from({ length: MOST_SHARDS }, (_, i) => scaleButton(i + 1, scale));
    byId('fleet-scale', HTMLElement).append(...this.#scales);
  }

  /** @param before - the picture before it, whose difference is news; null: none of it is */
  draw(fleet: FleetAnswer, before: FleetAnswer | null): void {
    this.#grid.draw(fleet);
    this.#table.draw(fleet);
    this.#changes.draw(fleet);
    byId('fleet-local', HTMLElement).hidden = !fleet.isLocal;
    byId('fleet-kubectl', HTMLElement).hidden = fleet.isLocal;
    setText(byId('fleet-control', HTMLElement), controlSentence(fleet));
    byId('fleet-control', HTMLElement).classList.toggle('error', fleet.control?.hasFailed === true);
    for (const [i, button] of this.#scales.entries()) {
      button.ariaPressed = String(i + 1 === fleet.shards.length);
      button.ariaDisabled = String(fleet.control?.isRunning === true);
    }
    const news = newsOf(before, fleet);
    if (news !== null) setText(byId('fleet-news', HTMLElement), news);
  }
}

function scaleButton(count: number, scale: (shards: number) => void): HTMLButtonElement {
  const label = `Scale to ${count} ${count === 1 ? 'shard' : 'shards'}`;
  const button = make('button', {
    text: String(count),
    data: { testid: 'fleet-scale' },
    attributes: { type: 'button', 'aria-label': label },
  });
  button.addEventListener('click', () => {
    if (button.ariaDisabled !== 'true') scale(count);
  });
  return button;
}
