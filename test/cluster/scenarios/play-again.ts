import { untilOwnTime } from '../../support/machine-use.ts';
import { type Figure, isUnmeasured, isWithin } from '../measure/figure.ts';

/** A scenario is played at most so often. */
const MOST_PLAYS = 3;
/** Before it is played again, the machine's own time is waited for so long, in seconds. */
const PATIENCE_S = 120;

/**
 * Plays a scenario, and again when nothing but times were missed and the host had the machine while they were: such a play
 * has measured nothing. Whatever else is missed in any play stands, and so does what the last play missed.
 */
export async function playUntilMeasured(play: () => Promise<Figure[]>, untilPeace = untilOwnTime): Promise<Figure[]> {
  for (let plays = 1; ; plays += 1) {
    const figures = await play();
    const missed = figures.filter((figure) => !isWithin(figure));
    const isMeasured = missed.length === 0 || !missed.every(isUnmeasured);
    if (isMeasured || plays === MOST_PLAYS) {
      return plays === 1
        ? figures
        : [...figures, { what: 'plays before it, disturbed by the host', value: plays - 1, bound: null }];
    }
    await untilPeace(PATIENCE_S);
  }
}
