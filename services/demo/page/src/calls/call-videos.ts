import { make } from '../view/dom.ts';

/** A picture that plays by itself. @param isOwn - one's own: mirrored, and never heard */
export function createVideo(testid: string, isOwn: boolean): HTMLVideoElement {
  const video = make('video', { className: testid, data: { testid } });
  video.autoplay = true;
  video.playsInline = true;
  video.muted = isOwn;
  if (isOwn) video.setAttribute('aria-label', 'Your own video');
  return video;
}

/** Plays a stream, or nothing; the same once more changes nothing. */
export function playIn(video: HTMLVideoElement, stream: MediaStream | null): void {
  if (video.srcObject === stream) return;
  video.srcObject = stream;
  // A browser may want to be asked, by a person who has just pressed something.
  if (stream !== null) video.play().catch(() => undefined);
}

/** Sends silence or a black picture instead, or the true one again. */
export function toggleTracks(stream: unknown, kind: 'audio' | 'video', isOn: boolean): void {
  if (!(stream instanceof MediaStream)) return;
  for (const track of stream.getTracks()) if (track.kind === kind) track.enabled = isOn;
}
