import type { FleetAnswer, FleetChange } from '../../../src/fleet/fleet-words.ts';
import { arrange, byId, make, setText } from '../view/dom.ts';
import { epochsOf, movedSentence, outcomeSentence } from './sentences.ts';

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** What moved, newest first. */
export class ChangeList {
  readonly #items = new Map<number, HTMLElement>();

  draw({ changes }: FleetAnswer): void {
    const items = changes.map((change) => {
      const item = this.#items.get(change.firstEpoch) ?? create(change);
      this.#items.set(change.firstEpoch, item);
      item.dataset['running'] = String(change.tookMs === null);
      setText(item.querySelector('strong'), epochsOf(change));
      setText(item.querySelector('.moved'), movedSentence(change));
      setText(item.querySelector('.outcome'), outcomeSentence(change));
      return item;
    });
    arrange(byId('fleet-changes', HTMLElement), items);
    byId('fleet-no-change', HTMLElement).hidden = items.length > 0;
  }
}

function create({ at }: FleetChange): HTMLElement {
  const time = make('time', { text: TIME.format(at), attributes: { datetime: new Date(at).toISOString() } });
  return make('li', {
    data: { testid: 'fleet-change' },
    children: [
      make('p', {
        children: [make('strong'), ' · ', time].map((part) => (typeof part === 'string' ? new Text(part) : part)),
      }),
      make('p', { className: 'moved' }),
      make('p', { className: 'outcome' }),
    ],
  });
}
