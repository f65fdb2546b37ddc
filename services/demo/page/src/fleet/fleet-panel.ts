import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';
import { api } from '../api.ts';
import { byId, make, setText } from '../view/dom.ts';
import type { Notice } from '../view/notice.ts';
import { ChangeList } from './change-list.ts';
import { FleetFeed } from './fleet-feed.ts';
import { controlSentence, newsOf, summaryOf } from './sentences.ts';
import { ShardTable } from './shard-table.ts';
import { SlotGrid } from './slot-grid.ts';

/** As many shards as one machine is asked for here. */
const MOST_SHARDS = 8;

/** The strip at the top and the panel it opens to. */
export class FleetPanel {
  readonly #notice: Notice;
  readonly #feed: FleetFeed;
  readonly #toggle = byId('fleet-toggle', HTMLButtonElement);
  readonly #panel = byId('fleet-panel', HTMLElement);
  readonly #grid = new SlotGrid();
  readonly #table: ShardTable;
  readonly #changes = new ChangeList();
  readonly #scales: readonly HTMLButtonElement[];
  #fleet: FleetAnswer | null = null;
  #isOpen = false;

  constructor(notice: Notice) {
    this.#notice = notice;
    this.#feed = new FleetFeed({
      ask: api.fleet,
      tell: (fleet) => this.#tell(fleet),
      isVisible: () => document.visibilityState === 'visible',
      later: (act, ms) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
    });
    this.#table = new ShardTable({
      kill: (shard) => this.#ask(api.killShard(shard)),
      highlight: (shard) => this.#grid.highlight(shard),
    });
    this.#scales = Array.from({ length: MOST_SHARDS }, (_, i) => this.#scaleButton(i + 1));
    byId('fleet-scale', HTMLElement).append(...this.#scales);
    this.#toggle.addEventListener('click', () => this.#open(!this.#isOpen));
    byId('fleet', HTMLElement).addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isOpen) return;
      this.#open(false);
      this.#toggle.focus();
    });
    document.addEventListener('visibilitychange', () => this.#feed.soon());
    this.#feed.soon();
  }

  #open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#panel.hidden = !isOpen;
    this.#toggle.ariaExpanded = String(isOpen);
    if (isOpen && this.#fleet !== null) this.#draw(this.#fleet);
    this.#feed.setOpen(isOpen);
  }

  #scaleButton(count: number): HTMLButtonElement {
    const label = `Scale to ${count} ${count === 1 ? 'shard' : 'shards'}`;
    const button = make('button', {
      text: String(count),
      data: { testid: 'fleet-scale' },
      attributes: { type: 'button', 'aria-label': label },
    });
    button.addEventListener('click', () => {
      if (button.ariaDisabled !== 'true') this.#ask(api.scale(count));
    });
    return button;
  }

  #ask(asking: Promise<unknown>): void {
    this.#notice.attempt(asking.finally(() => this.#feed.soon()));
  }

  #tell(fleet: FleetAnswer | null): void {
    byId('fleet', HTMLElement).dataset['stale'] = String(fleet === null);
    // Of several processes of the service one may be a moment behind another.
    if (fleet === null || fleet.epoch < (this.#fleet?.epoch ?? 0)) return;
    const before = this.#fleet;
    this.#fleet = fleet;
    setText(byId('fleet-summary', HTMLElement), summaryOf(fleet));
    this.#toggle.dataset['epoch'] = String(fleet.epoch);
    if (!this.#isOpen) return;
    this.#draw(fleet);
    const news = newsOf(before, fleet);
    if (news !== null) setText(byId('fleet-news', HTMLElement), news);
  }

  #draw(fleet: FleetAnswer): void {
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
  }
}
