import { FlotillaError, ownerOf, type CompiledMap } from '@flotilla-im/protocol';
import type { Sending, SendHook } from './on-send.ts';

/** The hooks of one instance. */
export class SendHooks {
  readonly #hooks = new Set<{ readonly hook: SendHook }>();

  /** Whether there is any; asked before anything is made for them. */
  get isEmpty(): boolean {
    return this.#hooks.size === 0;
  }

  /** Adds one; the result removes it. */
  add(hook: SendHook): () => void {
    if (typeof hook !== 'function') throw new FlotillaError('bad_options', 'onSend takes a function');
    const entry = { hook };
    this.#hooks.add(entry);
    return () => void this.#hooks.delete(entry);
  }

  /** Shows them what is about to go out, in turn. @throws {FlotillaError} aborted when one throws */
  async call(sendings: readonly Sending[]): Promise<void> {
    for (const sending of sendings) {
      for (const { hook } of this.#hooks) {
        try {
          await hook(sending);
        } catch (cause) {
          const text = cause instanceof Error ? cause.message : String(cause);
          throw new FlotillaError('aborted', `an onSend hook refused the message: ${text}`, { cause });
        }
      }
    }
  }
}

/** Receivers by the shard that owns them; all under null while no map is known. */
export function byOwner(map: CompiledMap | null, receivers: readonly string[]): ReadonlyMap<number | null, string[]> {
  const groups = new Map<number | null, string[]>();
  for (const clientId of receivers) {
    const shard = map === null ? null : (ownerOf(map, clientId)?.id ?? null);
    const group = groups.get(shard);
    if (group) group.push(clientId);
    else groups.set(shard, [clientId]);
  }
  return groups;
}
