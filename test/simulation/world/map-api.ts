import type { MapAuthority } from '../../../operator/src/act/map-authority.ts';
import type { LeaseRecord, LeaseStore } from '../../../operator/src/kubernetes/election/lease-store.ts';
import type { Loop } from '../platform/loop.ts';
import { SimulatedProcess } from '../platform/process.ts';

/** What the API server keeps for operators: the map and the Lease of their election. Calls take their time there and back. */
export class MapApi {
  /** Called once, when somebody has asked for the map next, or has sent another one; before anything came of it. */
  onNext: { readonly call: 'reading' | 'writing'; readonly run: (operator: SimulatedProcess) => void } | null = null;
  readonly #loop: Loop;
  readonly #process: SimulatedProcess;
  readonly #authority: MapAuthority;
  #lease: LeaseRecord | null = null;
  #versions = 0;

  constructor(loop: Loop, seed: number, authority: MapAuthority) {
    this.#loop = loop;
    this.#process = new SimulatedProcess(loop, 'api server', seed);
    this.#authority = authority;
  }

  /** As one operator reaches it. */
  authorityFor(operator: SimulatedProcess): MapAuthority {
    return {
      read: () => this.#told('reading', operator, () => this.#authority.read()),
      write: (map, version) => this.#told('writing', operator, () => this.#authority.write(map, version)),
    };
  }

  leasesFor(operator: SimulatedProcess): LeaseStore {
    return {
      read: () => this.#call(operator, () => Promise.resolve(this.#lease)),
      write: (draft, version) =>
        this.#call<LeaseRecord | 'conflict'>(operator, () => {
          if ((this.#lease?.version ?? null) !== version) return Promise.resolve('conflict');
          this.#versions += 1;
          this.#lease = { ...draft, version: String(this.#versions) };
          return Promise.resolve(this.#lease);
        }),
    };
  }

  #told<T>(call: 'reading' | 'writing', operator: SimulatedProcess, act: () => Promise<T>): Promise<T> {
    const answer = this.#call(operator, act);
    const { onNext } = this;
    if (onNext?.call === call) {
      this.onNext = null;
      onNext.run(operator);
    }
    return answer;
  }

  /** What left arrives, whatever becomes of who sent it. */
  #call<T>(operator: SimulatedProcess, act: () => Promise<T>): Promise<T> {
    const { chance } = this.#process;
    return new Promise((resolve, reject) => {
      this.#loop.after(chance.between(0.5, 4), this.#process, () => {
        const answer = (settle: () => void): void => void this.#loop.after(chance.between(0.5, 4), operator, settle);
        act().then(
          (value) => answer(() => resolve(value)),
          (error: unknown) => answer(() => reject(error instanceof Error ? error : new Error(String(error)))),
        );
      });
    });
  }
}
