/** What the heartbeat of a subscription connection needs. */
export interface HeartbeatOptions {
  /** Publishes a text to a channel that the connection is subscribed to; rejects when that failed. */
  readonly send: (text: string) => Promise<unknown>;
  readonly isConnected: () => boolean;
  /** Two beats were published and neither was heard. */
  readonly lost: () => void;
}

const intervalMs = 1_000;

/** A heartbeat under way. */
export interface Heartbeat {
  /** Call with each text that arrives on the channel. */
  readonly heard: (text: string) => void;
  readonly stop: () => void;
}

/**
 * Proves once a second that what is published arrives. A beat that could not be published proves nothing either way.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  let sent = 0;
  let heardUpTo = 0;
  let unheard = 0;
  const beat = (): void => {
    if (!options.isConnected()) {
      unheard = 0;
      return;
    }
    if (unheard >= 2) {
      unheard = 0;
      options.lost();
      return;
    }
    const number = ++sent;
    options.send(String(number)).then(
      () => {
        // It may have been heard before its own publish was confirmed.
        if (number > heardUpTo) unheard += 1;
      },
      () => {},
    );
  };
  const timer = setInterval(beat, intervalMs);
  return {
    heard: (text) => {
      heardUpTo = Math.max(heardUpTo, Number(text));
      unheard = 0;
    },
    stop: () => clearInterval(timer),
  };
}
