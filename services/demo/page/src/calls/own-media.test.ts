import { expect, it } from '@jest/globals';
import { openOwnMedia } from './own-media.ts';

/** Devices of a browser, some of which cannot be had; as in a browser, one that is missing spoils what is asked for with it. */
function devices(faults: { readonly audio?: string; readonly video?: string }): MediaDevices {
  const getUserMedia = ({ audio, video }: MediaStreamConstraints): Promise<MediaStream> => {
    const name = (audio && faults.audio) || (video && faults.video);
    const kinds = [audio && 'audio', video && 'video'].filter(Boolean).join('+');
    return name
      ? Promise.reject(Object.assign(new Error(name), { name }))
      : Promise.resolve(kinds as unknown as MediaStream);
  };
  return { getUserMedia } as unknown as MediaDevices;
}

it.each<[string, Parameters<typeof devices>[0], boolean, string | null, RegExp | null]>([
  ['camera and microphone', {}, true, 'audio+video', null],
  ['a microphone alone, for an audio call', { video: 'NotFoundError' }, false, 'audio', null],
  [
    'a microphone, where there is no camera',
    { video: 'NotFoundError' },
    true,
    'audio',
    /nothing.*camera.*heard, not seen/,
  ],
  [
    'a camera, where the microphone is in use',
    { audio: 'NotReadableError' },
    true,
    'video',
    /uses a microphone.*seen, not heard/,
  ],
  [
    'nothing, where it is not allowed',
    { audio: 'NotAllowedError', video: 'NotAllowedError' },
    true,
    null,
    /not allowed.*camera and/,
  ],
  [
    'nothing, where there is no microphone',
    { audio: 'NotFoundError' },
    false,
    null,
    /a microphone\. You can see and hear/,
  ],
])('has %s', async (_, faults, video, stream, sentence) => {
  const own = await openOwnMedia(devices(faults), video);
  expect(own.stream).toBe(stream);
  if (sentence === null) expect(own.sentence).toBeNull();
  else expect(own.sentence).toMatch(sentence);
});

it('says where a browser gives neither', async () => {
  const own = await openOwnMedia(undefined, true);
  expect(own.stream).toBeNull();
  expect(own.sentence).toContain('localhost or over https');
});
