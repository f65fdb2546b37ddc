import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';
import { expandRuns } from '../../../src/fleet/slot-runs.ts';
import { byId, setText } from '../view/dom.ts';
import { shardName } from './sentences.ts';

/** Slots in a row, and rows. */
const SIDE = 64;
const LAST = SIDE * SIDE - 1;
/** So many colours are there in the style. */
export const HUES = 8;
/** How far others step back when one shard is pointed at. */
const DIMMED = 0.22;

/** What each slot is. */
interface Slots {
  readonly owners: readonly number[];
  readonly homes: readonly number[];
  /** The shard that it leaves, or -1. */
  readonly leaving: readonly number[];
}

/**
 * The 4,096 slots, row by row, in the colour of who serves them. A slot on its way has both colours; one that is lent has a
 * dot. Whoever cannot tell colours apart points at a slot or goes there with the arrow keys, and is told.
 */
export class SlotGrid {
  readonly #grid = byId('fleet-grid', HTMLElement);
  readonly #canvas = byId('fleet-canvas', HTMLCanvasElement);
  #slots: Slots = { owners: [], homes: [], leaving: [] };
  #key = '';
  /** Where the keyboard is. */
  #cursor = 0;
  #pointed: number | null = null;
  #highlit: number | null = null;

  constructor() {
    this.#grid.addEventListener('keydown', (event) => this.#onKey(event));
    this.#grid.addEventListener('pointermove', (event) => this.#point(this.#slotAt(event)));
    this.#grid.addEventListener('pointerleave', () => this.#point(null));
    this.#grid.addEventListener('pointerdown', (event) => this.#go(this.#slotAt(event) ?? this.#cursor));
    for (const type of ['focus', 'blur']) this.#grid.addEventListener(type, () => this.#drawAll());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#drawAll());
    new ResizeObserver(() => this.#drawAll()).observe(this.#canvas);
  }

  /** Shows a newer picture; does nothing when no slot changed. */
  draw({ owners, homes, leaving, epoch }: FleetAnswer): void {
    const key = [owners, homes, leaving].join('/');
    this.#grid.dataset['epoch'] = String(epoch);
    if (key === this.#key) return;
    this.#key = key;
    this.#slots = { owners: expandRuns(owners), homes: expandRuns(homes), leaving: expandRuns(leaving) };
    this.#grid.dataset['owners'] = String(new Set(this.#slots.owners).size);
    this.#drawAll();
  }

  /** Lets the slots of one shard stand out; null: of none. */
  highlight(shard: number | null): void {
    if (shard === this.#highlit) return;
    this.#highlit = shard;
    this.#drawAll();
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE }[event.key];
    const to = { Home: 0, End: LAST }[event.key] ?? (step === undefined ? undefined : this.#cursor + step);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (to >= 0 && to <= LAST) this.#go(to);
  }

  #go(slot: number): void {
    this.#cursor = slot;
    this.#drawAll();
  }

  #point(slot: number | null): void {
    if (slot === this.#pointed) return;
    this.#pointed = slot;
    this.#drawAll();
  }

  #slotAt({ clientX, clientY }: PointerEvent): number | null {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const column = Math.floor(((clientX - left) / width) * SIDE);
    const row = Math.floor(((clientY - top) / height) * SIDE);
    const isInside = column >= 0 && column < SIDE && row >= 0 && row < SIDE;
    return isInside ? row * SIDE + column : null;
  }

  #drawAll(): void {
    this.#describe();
    const cell = Math.max(3, Math.round((this.#canvas.clientWidth * devicePixelRatio) / SIDE));
    if (this.#canvas.width !== cell * SIDE) this.#canvas.width = this.#canvas.height = cell * SIDE;
    const brush = this.#canvas.getContext('2d');
    if (brush === null) return;
    const style = getComputedStyle(this.#grid);
    const colours = Array.from({ length: HUES }, (_, hue) => style.getPropertyValue(`--shard-${hue}`));
    const ground = style.getPropertyValue('--ground');
    brush.globalAlpha = 1;
    brush.clearRect(0, 0, cell * SIDE, cell * SIDE);
    for (let slot = 0; slot <= LAST; slot += 1) this.#drawSlot(brush, slot, cell, colours, ground);
    brush.globalAlpha = 1;
    const hasFocus = this.#grid.matches(':focus-visible');
    const marked = this.#pointed ?? (hasFocus ? this.#cursor : null);
    if (marked !== null) drawMark(brush, marked, cell, style.getPropertyValue('--ink'), ground);
  }

  #drawSlot(brush: CanvasRenderingContext2D, slot: number, cell: number, colours: string[], ground: string): void {
    const owner = this.#slots.owners[slot];
    const from = this.#slots.leaving[slot] ?? -1;
    const [x, y] = [(slot % SIDE) * cell, Math.floor(slot / SIDE) * cell];
    const size = cell - 1;
    if (owner === undefined) return;
    brush.globalAlpha = this.#highlit === null || owner === this.#highlit || from === this.#highlit ? 1 : DIMMED;
    brush.fillStyle = colours[owner % HUES] ?? '';
    brush.fillRect(x, y, size, size);
    if (from >= 0) {
      brush.fillStyle = colours[from % HUES] ?? '';
      brush.beginPath();
      brush.moveTo(x, y);
      brush.lineTo(x, y + size);
      brush.lineTo(x + size, y + size);
      brush.fill();
    } else if (owner !== this.#slots.homes[slot]) {
      const dot = Math.max(1, Math.round(cell / 3));
      const inset = Math.floor((size - dot) / 2);
      brush.fillStyle = ground;
      brush.fillRect(x + inset, y + inset, dot, dot);
    }
  }

  /** In words: under the grid for what is pointed at, and for a screen reader where the keyboard is. */
  #describe(): void {
    const grid = this.#grid;
    grid.ariaValueNow = String(this.#cursor);
    grid.ariaValueText = this.#wordsOf(this.#cursor);
    const isAsked = this.#pointed !== null || document.activeElement === grid;
    const hint = 'Point at a slot, or go there with the arrow keys.';
    setText(byId('fleet-slot', HTMLElement), isAsked ? this.#wordsOf(this.#pointed ?? this.#cursor) : hint);
  }

  #wordsOf(slot: number): string {
    const { owners, homes, leaving } = this.#slots;
    const from = leaving[slot] ?? -1;
    const way = from >= 0 ? `, on its way from ${shardName(from)}` : '';
    return `Slot ${slot}: home ${shardName(homes[slot] ?? null)}, owner ${shardName(owners[slot] ?? null)}${way}`;
  }
}

function drawMark(brush: CanvasRenderingContext2D, slot: number, cell: number, ink: string, ground: string): void {
  const [x, y] = [(slot % SIDE) * cell, Math.floor(slot / SIDE) * cell];
  for (const [colour, out] of [
    [ground, 2.5],
    [ink, 1],
  ] as const) {
    brush.strokeStyle = colour;
    brush.lineWidth = 2;
    brush.strokeRect(x - out, y - out, cell - 1 + 2 * out, cell - 1 + 2 * out);
  }
}
