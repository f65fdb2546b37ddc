/**
 * Connection tokens, for services that issue or check them themselves: shards, and backends in another setting than
 * `connectInfo`. Part of the public face.
 *
 * @packageDocumentation
 */
export { type IssuedToken, type IssueOptions, issueToken, type TokenContent } from './issue-token.ts';
export type { TokenKey, TokenKeySet } from './key-set.ts';
export { parseTokenKeySet } from './parse-key-set.ts';
export type { SigningKey } from './signing-key.ts';
export { loadTokenKeys, type TokenKeys, type TokenKeysOptions } from './token-keys.ts';
export { verifyToken, type VerifyOptions } from './verify-token.ts';
