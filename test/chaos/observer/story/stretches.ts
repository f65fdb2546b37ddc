/** When each stretch begins, and what it excuses. */
export const STRETCHES = Object.freeze({
  calm: 500,
  moves: 10_000,
  leaving: 40_000,
  freeze: 90_000,
  crash: 150_000,
  failover: 170_000,
  calmAgain: 190_000,
  end: 210_000,
});
/** From when to when what Redis accepts is lost, and when everybody concerned is told. */
export const LOST = Object.freeze({ fromMs: 172_000, toMs: 172_600, toldMs: 173_000 });
