import type { FleetSource } from '../../../operator/src/observe/fleet-source.ts';
import type { Loop } from '../platform/loop.ts';
import { SimulatedProcess } from '../platform/process.ts';
import type { MapApi } from './map-api.ts';
import { type OperatorProcessDeps, runOperator } from './operator-process.ts';

/** What operators need. */
export interface OperatorsDeps {
  readonly loop: Loop;
  readonly seed: number;
  readonly fleet: FleetSource;
  readonly api: MapApi;
  readonly hear: (name: string) => OperatorProcessDeps['hear'];
  readonly onFault: (name: string, error: unknown) => void;
}

interface Seat {
  process: SimulatedProcess;
  isLeading: () => boolean;
}

/** How long the kubelet takes to start one again that ended by itself. */
const RESTART_MS = 300;

/** The operators of a world: one that leads always, or several that elect one. */
export class Operators {
  readonly #deps: OperatorsDeps;
  readonly #seats: Seat[] = [];
  #starts = 0;

  constructor(deps: OperatorsDeps) {
    this.#deps = deps;
  }

  /** @param count - more than one take part in an election */
  begin(count: number): void {
    for (let i = 0; i < count; i++) {
      const process = this.#newProcess();
      this.#seats.push({ process, isLeading: () => count === 1 });
    }
    for (const seat of this.#seats) this.#run(seat);
  }

  /** The one that believes to lead, or the first. */
  get leader(): SimulatedProcess {
    const seat = this.#seats.find(({ process, isLeading }) => !process.isDead && isLeading()) ?? this.#seats[0];
    if (seat === undefined) throw new Error('there is no operator');
    return seat.process;
  }

  /** `kill -9`; whoever starts it again calls what is returned. */
  kill(process: SimulatedProcess): () => void {
    process.kill();
    const seat = this.#seats.find((one) => one.process === process);
    return () => {
      if (seat?.process === process) this.#restart(seat);
    };
  }

  #newProcess(): SimulatedProcess {
    this.#starts += 1;
    return new SimulatedProcess(this.#deps.loop, `operator.${this.#starts}`, this.#deps.seed);
  }

  #restart(seat: Seat): void {
    seat.process = this.#newProcess();
    this.#run(seat);
  }

  #run(seat: Seat): void {
    const { loop, fleet, api, hear, onFault } = this.#deps;
    const { process } = seat;
    const isElected = this.#seats.length > 1;
    const deps: OperatorProcessDeps = {
      fleet,
      authority: api.authorityFor(process),
      hear: hear(process.name),
      onFault: (error) => onFault(process.name, error),
      election: isElected ? this.#electionOf(seat) : null,
    };
    loop.after(1, process, () => void runOperator(deps));
  }

  #electionOf(seat: Seat): NonNullable<OperatorProcessDeps['election']> {
    const { loop, api } = this.#deps;
    const { process } = seat;
    return {
      leases: api.leasesFor(process),
      identity: process.name,
      begun: (isLeading) => void (seat.isLeading = isLeading),
      // It ends, and the kubelet starts it again.
      onLost: () => {
        const again = this.kill(process);
        loop.after(RESTART_MS, new SimulatedProcess(loop, `${process.name} restart`, this.#deps.seed), again);
      },
    };
  }
}
