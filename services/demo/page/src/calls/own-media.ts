/** What this person can send. */
export interface OwnMedia {
  /** null: neither camera nor microphone. */
  readonly stream: MediaStream | null;
  /** What is missing, and why; null: nothing. */
  readonly sentence: string | null;
}

const INSECURE =
  'Browsers give camera and microphone to pages on localhost or over https only. Here you can see and hear, but not be seen or heard.';
const REFUSED = 'The browser was not allowed to use';
const MISSING = 'There is nothing to use as';
const BUSY = 'Another program uses';

/**
 * Camera and microphone, as far as they can be had: the call goes on with what there is. Never rejects.
 *
 * @param devices - `navigator.mediaDevices`; missing where the context is not secure
 */
export async function openOwnMedia(devices: MediaDevices | undefined, video: boolean): Promise<OwnMedia> {
  if (devices === undefined) return { stream: null, sentence: INSECURE };
  const attempt = (constraints: MediaStreamConstraints): Promise<MediaStream | Error> =>
    devices
      .getUserMedia(constraints)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const first = await attempt({ audio: true, video });
  if (!(first instanceof Error)) return { stream: first, sentence: null };
  const [sound, picture] = [
    video ? await attempt({ audio: true }) : first,
    video ? await attempt({ video: true }) : null,
  ];
  if (!(sound instanceof Error))
    return { stream: sound, sentence: `${reason(first)} a camera. You are heard, not seen.` };
  if (picture !== null && !(picture instanceof Error)) {
    return { stream: picture, sentence: `${reason(first)} a microphone. You are seen, not heard.` };
  }
  const what = video ? 'camera and microphone' : 'a microphone';
  return { stream: null, sentence: `${reason(first)} ${what}. You can see and hear, but not be seen or heard.` };
}

function reason({ name }: Error): string {
  if (name === 'NotAllowedError' || name === 'SecurityError') return REFUSED;
  return name === 'NotReadableError' || name === 'AbortError' ? BUSY : MISSING;
}
