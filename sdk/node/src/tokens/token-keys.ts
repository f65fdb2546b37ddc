import { FlotillaError } from '@flotilla-im/protocol';
import { type KeyFile, openKeyFile } from './key-file.ts';
import type { TokenKeySet } from './key-set.ts';
import { parseTokenKeySet } from './parse-key-set.ts';
import { importTokenKey, type KeyPair, type SecretKey, type SigningKey } from './signing-key.ts';

/** A key that can sign. */
export type Signer = SecretKey | (KeyPair & { readonly signing: NonNullable<KeyPair['signing']> });

/** Keys in use. Holds no timer and no open file: there is nothing to close. */
export interface TokenKeys {
  /** The key that signs: the first. @throws `bad_options` when its private part is not here */
  signer(): Promise<Signer>;
  /** The key of that name, after a look at the file when there is none; null when there is still none. */
  find(kid: string): Promise<SigningKey | null>;
}

/** What `loadTokenKeys` can be told. */
export interface TokenKeysOptions {
  /** Hears that the changed file could not be used; the keys in use stay. Default: nobody. */
  readonly onWarning?: ((warning: FlotillaError) => void) | undefined;
  /** Monotonic milliseconds. Default `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
}

/** How old what is known of the file may be when a key is asked for. */
const RECHECK_MS = 1_000;
/** The same when a token names an unknown key: rotation must not wait, and a flood of made-up names must not reread all the time. */
const RECHECK_UNKNOWN_MS = 200;

/**
 * Loads keys from a JWKS file, which is looked at again when a key is needed and a second has passed, or when a token
 * names a key that is not known; or takes them as they are.
 *
 * @throws {FlotillaError} bad_options when there is no usable key set
 */
export async function loadTokenKeys(source: string | TokenKeySet, options: TokenKeysOptions = {}): Promise<TokenKeys> {
  const keyring = await importAll(
    typeof source === 'string' ? await openKeyFile(source) : null,
    typeof source === 'string' ? null : parseTokenKeySet(source),
  );
  return new LoadedKeys(keyring, options);
}

interface Keyring {
  readonly file: KeyFile | null;
  readonly keys: readonly SigningKey[];
}

async function importAll(file: KeyFile | null, set: TokenKeySet | null): Promise<Keyring> {
  return { file, keys: await Promise.all((file?.set ?? set ?? { keys: [] }).keys.map(importTokenKey)) };
}

class LoadedKeys implements TokenKeys {
  readonly #options: TokenKeysOptions;
  readonly #nowMs: () => number;
  #keyring: Keyring;
  #checkedAtMs: number;
  #checking: Promise<void> | null = null;

  constructor(keyring: Keyring, options: TokenKeysOptions) {
    this.#keyring = keyring;
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#checkedAtMs = this.#nowMs();
  }

  async signer(): Promise<Signer> {
    await this.#recheck(RECHECK_MS);
    const [first] = this.#keyring.keys;
    if (first?.alg === 'HS256') return first;
    if (!first?.signing) throw new FlotillaError('bad_options', 'the first token key has no private part to sign with');
    return { ...first, signing: first.signing };
  }

  async find(kid: string): Promise<SigningKey | null> {
    await this.#recheck(RECHECK_MS);
    const known = this.#lookUp(kid);
    if (known) return known;
    await this.#recheck(RECHECK_UNKNOWN_MS);
    return this.#lookUp(kid);
  }

  #lookUp(kid: string): SigningKey | null {
    return this.#keyring.keys.find((key) => key.kid === kid) ?? null;
  }

  /** Resolves at once when the file was looked at less than `maxAgeMs` ago. Never rejects. */
  async #recheck(maxAgeMs: number): Promise<void> {
    if (this.#keyring.file === null) return;
    if (this.#checking === null && this.#nowMs() - this.#checkedAtMs < maxAgeMs) return;
    this.#checking ??= this.#reload(this.#keyring.file).finally(() => {
      this.#checking = null;
      this.#checkedAtMs = this.#nowMs();
    });
    await this.#checking;
  }

  async #reload(file: KeyFile): Promise<void> {
    try {
      if (!(await file.isChanged())) return;
      this.#keyring = await importAll(await openKeyFile(file.path), null);
    } catch (error) {
      // Half-written or gone for a moment: tokens go on with the keys in use, and the next look decides again.
      this.#options.onWarning?.(
        error instanceof FlotillaError
          ? error
          : new FlotillaError('bad_options', `${file.path} cannot be used`, { cause: error }),
      );
    }
  }
}
