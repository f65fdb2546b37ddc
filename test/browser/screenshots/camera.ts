import type { Page } from 'playwright-core';

/** How somebody looks in front of their camera: CSS colours. */
export interface Look {
  readonly wall: string;
  readonly floor: string;
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly hasLongHair: boolean;
}

/** Gives a page a camera that shows a drawn person, and a microphone that is silent. */
export async function giveCamera(page: Page, look: Look): Promise<void> {
  await page.evaluate(drawnCamera, look);
}

/** Runs in the page, by itself. */
function drawnCamera({ wall, floor, skin, hair, shirt, hasLongHair }: Look): void {
  const [width, height] = [640, 480];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const brush = canvas.getContext('2d');
  if (brush === null) return;
  const disc = (colour: string, x: number, y: number, across: number, down: number): void => {
    brush.fillStyle = colour;
    brush.beginPath();
    brush.ellipse(x, y, across, down, 0, 0, 2 * Math.PI);
    brush.fill();
  };
  const box = (colour: string, x: number, y: number, across: number, down: number, round: number): void => {
    brush.fillStyle = colour;
    brush.beginPath();
    brush.roundRect(x, y, across, down, round);
    brush.fill();
  };
  const room = (): void => {
    // Plain colours: a picture that was sent as video stays small as a PNG by them.
    brush.fillStyle = wall;
    brush.fillRect(0, 0, width, height);
    box('rgb(255 255 255 / 35%)', 40, 40, 130, 170, 6);
    box(floor, 480, 150, 130, 10, 3);
    for (const [i, colour] of ['#c96f4a', '#e2b25c', '#5b8c85', '#8c5b7a'].entries()) {
      box(colour, 492 + i * 24, 96 + (i % 2) * 10, 18, 54 - (i % 2) * 10, 2);
    }
  };
  const person = (sway: number): void => {
    const [x, y] = [width / 2 + sway, 205 + sway / 3];
    if (hasLongHair) box(hair, x - 92, y - 60, 184, 230, 80);
    box(skin, x - 32, y + 60, 64, 110, 24);
    box(shirt, width / 2 - 165, y + 138, 330, 300, 110);
    disc(skin, x, y, 76, 96);
    disc(hair, x, y - 68, 80, 48);
    disc(skin, x, y - 22, 62, 34);
    for (const side of [-28, 28]) disc('#2a2320', x + side, y + 2, 6, 8);
    brush.strokeStyle = '#7a3b33';
    brush.lineWidth = 5;
    brush.lineCap = 'round';
    brush.beginPath();
    brush.arc(x, y + 34, 24, 0.2 * Math.PI, 0.8 * Math.PI);
    brush.stroke();
  };
  setInterval(() => {
    room();
    person(4 * Math.sin(performance.now() / 900));
  }, 66);
  navigator.mediaDevices.getUserMedia = ({ video }: MediaStreamConstraints = {}) => {
    const sound = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
    const pictures = video === undefined || video === false ? [] : canvas.captureStream(15).getVideoTracks();
    return Promise.resolve(new MediaStream([...sound, ...pictures]));
  };
}
