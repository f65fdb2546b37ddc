/** Two tones, in hertz, as telephones had them (ITU-T E.182 leaves the choice). */
const TONES = [440, 480] as const;
const TONE_MS = 900;
const PAUSE_MS = 2_000;

/** A sound while somebody calls, where the browser allows one: a page on which nobody has pressed anything yet stays silent. */
export class Ringer {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** Safe to repeat. */
  start(): void {
    if (this.#timer !== null) return;
    this.#ring();
    this.#timer = setInterval(() => this.#ring(), TONE_MS + PAUSE_MS);
  }

  /** Safe to repeat. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#context?.close().catch(() => undefined);
    this.#context = null;
  }

  #ring(): void {
    const context = (this.#context ??= new AudioContext());
    if (context.state !== 'running') return;
    const volume = new GainNode(context, { gain: 0.05 });
    volume.connect(context.destination);
    for (const frequency of TONES) {
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(volume);
      tone.start();
      tone.stop(context.currentTime + TONE_MS / 1_000);
    }
  }
}
