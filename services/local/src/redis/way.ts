/** One way to come by something. */
export interface Way<T> {
  /** What is looked for, for a person. */
  readonly what: string;
  /** Why it does not lead there is a result, a half sentence; it never rejects for that. */
  find(): Promise<T | { readonly failure: string }>;
}
