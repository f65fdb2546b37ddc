import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';
import { api } from '../api.ts';
import { byId, setText } from '../view/dom.ts';
import type { Notice } from '../view/notice.ts';
import type { FleetDetails } from './fleet-details.ts';
import { FleetFeed } from './fleet-feed.ts';
import { summaryOf } from './summary.ts';

/** The strip at the top and the panel it opens to, whose content is loaded then. */
export class FleetPanel {
  readonly #notice: Notice;
  readonly #feed: FleetFeed;
  readonly #toggle = byId('fleet-toggle', HTMLButtonElement);
  readonly #panel = byId('fleet-panel', HTMLElement);
  #details: Promise<FleetDetails> | null = null;
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
    if (isOpen && this.#fleet !== null) this.#draw(this.#fleet, null);
    this.#feed.setOpen(isOpen);
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
    if (this.#isOpen) this.#draw(fleet, before);
  }

  #draw(fleet: FleetAnswer, before: FleetAnswer | null): void {
    this.#notice.attempt(this.#load().then((details) => details.draw(fleet, before)));
  }

  #load(): Promise<FleetDetails> {
    const actions = {
      scale: (shards: number) => this.#ask(api.scale(shards)),
      kill: (shard: number) => this.#ask(api.killShard(shard)),
    };
    return (this.#details ??= import('./fleet-details.ts').then(
      (part) => new part.FleetDetails(actions),
      () => {
        this.#details = null;
        throw new Error('The fleet could not be loaded. Reload the page: it may be older than its service.');
      },
    ));
  }
}
