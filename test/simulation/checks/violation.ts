/** Something that must never be was seen. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Which rule was broken; a schedule that is made smaller must go on breaking the same one. */
  readonly rule: string;

  constructor(rule: string, what: string) {
    super(`${rule}: ${what}`);
    this.rule = rule;
  }
}
