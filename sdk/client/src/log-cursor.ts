import { formatPosition, parsePosition, type Position, LOG_START } from '@flotilla-im/protocol';

/** How many generations besides its own a cursor remembers: more than can change while one connection replaces another. */
const GENERATIONS_KEPT = 4;

/** What to do with a message: give it to the application, drop it, or say that something was lost and then give it. */
export type Arrival = 'new' | 'known' | 'after-loss';

/**
 * How far one log has come, as the application has it.
 *
 * Offsets grow through all generations of a log, unless Redis lost the log's end: then a pod says so (`gap`, or `recovered:
 * false`) before it delivers offsets a second time under a new generation. Messages that arrive twice, because two
 * connections deliver during a move, belong to the current generation or to one that has ended. After such a loss a pod may begin
 * further back than the loss reached: what the application got before it is known by how far each generation had come.
 */
export class LogCursor {
  #position: Position;
  /** Generations that the log has left behind, and how far they had come. */
  #ended: readonly Position[] = [];
  /** The same of those that a loss may have cut short. */
  #cut: readonly Position[] = [];
  /** Whether the client is a member (always, of its inbox). */
  isMember = true;
  /** Whether the pod has yet to hear of the position. */
  isDirty = false;
  /** Whether it was set by a loss since the last `resume` was sent. */
  wasReset = false;

  constructor(position: string) {
    this.#position = parsePosition(position) ?? LOG_START;
  }

  /** `generation.offset` */
  get text(): string {
    return formatPosition(this.#position);
  }

  /** Takes notice of a message at `text`; unless it is `known`, the cursor stands there now. */
  arrive(text: string): Arrival {
    const position = parsePosition(text) ?? LOG_START;
    if (this.#ended.some(({ generation }) => generation === position.generation)) return 'known';
    const isAhead = position.offset > this.#position.offset;
    if (!isAhead && position.generation === this.#position.generation) return 'known';
    this.#moveTo(position);
    this.isDirty = true;
    if (reaches(this.#cut, position)) return 'known';
    return isAhead ? 'new' : 'after-loss';
  }

  /** Delivery goes on after `text` and nothing before it was lost: never a step back. */
  advance(text: string): void {
    const position = parsePosition(text) ?? LOG_START;
    // The start of any log has been given a name meanwhile.
    const isUnnamed = this.#position.generation === LOG_START.generation;
    if (isUnnamed || position.offset > this.#position.offset) this.#moveTo(position);
  }

  /** Messages up to `text` are lost: delivery goes on after it, wherever the cursor stood. */
  reset(text: string): void {
    this.#cut = furthest([...this.#cut, ...this.#ended, this.#position]);
    this.#ended = [];
    this.#position = parsePosition(text) ?? LOG_START;
    this.wasReset = true;
    this.isDirty = false;
  }

  /** Whether a loss up to `text` was told already, by the connection that is being replaced. */
  hasTold(text: string): boolean {
    return this.wasReset && (parsePosition(text) ?? LOG_START).offset <= this.#position.offset;
  }

  #moveTo(position: Position): void {
    if (this.#position.generation !== position.generation) {
      this.#ended = furthest([...this.#ended, this.#position]).filter(
        ({ generation }) => generation !== position.generation,
      );
    }
    this.#position = position;
  }
}

/** Whether one of the positions is at or beyond this one, in its generation. */
function reaches(positions: readonly Position[], { generation, offset }: Position): boolean {
  return positions.some((one) => one.generation === generation && one.offset >= offset);
}

/** The furthest of each generation; of those met last only. */
function furthest(positions: readonly Position[]): readonly Position[] {
  return positions
    .filter((one, i) => !reaches(positions.slice(i + 1), one))
    .filter((one, i, rest) => !reaches(rest.slice(0, i), one))
    .slice(-GENERATIONS_KEPT);
}
