import type { FleetAnswer, ShownShard } from '../../../src/fleet/fleet-words.ts';
import { arrange, byId, make, setText } from '../view/dom.ts';
import { HUES } from './slot-grid.ts';
import { numberOf } from './summary.ts';

/** What can be done in the table. */
export interface ShardTableDeps {
  readonly kill: (shard: number) => void;
  /** A shard is pointed at, or none is any more. */
  readonly highlight: (shard: number | null) => void;
}

const COLUMNS = ['by-map', 'by-report', 'connections', 'rate', 'slots'] as const;

/** A row for each shard; rows stay what they are, so that focus does. */
export class ShardTable {
  readonly #deps: ShardTableDeps;
  readonly #rows = new Map<number, HTMLElement>();

  constructor(deps: ShardTableDeps) {
    this.#deps = deps;
  }

  draw({ shards, isLocal, control }: FleetAnswer): void {
    const rows = shards.map((shard) => {
      const row = this.#rows.get(shard.shard) ?? this.#create(shard.shard);
      this.#rows.set(shard.shard, row);
      fill(row, shard);
      const kill = row.querySelector('button');
      kill?.toggleAttribute('hidden', !isLocal);
      kill?.setAttribute('aria-disabled', String(control?.isRunning === true));
      return row;
    });
    arrange(byId('fleet-shards', HTMLElement), rows);
  }

  #create(shard: number): HTMLElement {
    const swatch = make('span', {
      className: 'swatch',
      data: { hue: String(shard % HUES) },
      attributes: { 'aria-hidden': 'true' },
    });
    const kill = make('button', {
      className: 'quiet kill',
      text: 'Kill',
      data: { testid: 'fleet-kill' },
      attributes: { type: 'button', 'aria-label': `Kill shard ${shard}` },
    });
    kill.addEventListener('click', () => {
      if (kill.ariaDisabled !== 'true') this.#deps.kill(shard);
    });
    const row = make('tr', {
      data: { testid: 'fleet-shard', shard: String(shard) },
      children: [
        make('th', { attributes: { scope: 'row' }, children: [swatch, make('span', { text: String(shard) })] }),
        ...COLUMNS.map((column) => make('td', { className: column })),
        make('td', { children: [kill] }),
      ],
    });
    const { highlight } = this.#deps;
    for (const type of ['pointerenter', 'focusin']) row.addEventListener(type, () => highlight(shard));
    for (const type of ['pointerleave', 'focusout']) row.addEventListener(type, () => highlight(null));
    return row;
  }
}

function fill(row: HTMLElement, shard: ShownShard): void {
  const { state, report, connections, guests, perSecond, slotsOwned, slotsHome } = shard;
  const texts: Record<(typeof COLUMNS)[number], string> = {
    'by-map': state,
    'by-report': report ?? 'nothing',
    connections: guests === 0 ? numberOf(connections) : `${numberOf(connections)} (${numberOf(guests)} leaving)`,
    rate: numberOf(perSecond),
    slots: slotsOwned === slotsHome ? numberOf(slotsOwned) : `${numberOf(slotsOwned)} of ${numberOf(slotsHome)}`,
  };
  Object.assign(row.dataset, { state, report: report ?? '', slots: String(slotsOwned) });
  for (const column of COLUMNS) setText(row.querySelector(`.${column}`), texts[column]);
}
