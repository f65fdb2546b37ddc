import type { CallSignalContent, IceServer } from '../../../src/words.ts';

/** Network addresses that are found within so long are told together. */
const GATHER_MS = 60;
const TOLD_AT_ONCE = 32;

/** What the two browsers' connection needs. */
export interface PeerDeps {
  readonly iceServers: readonly IceServer[];
  /** The caller makes all offers, so that two never meet. */
  readonly isCaller: boolean;
  readonly video: boolean;
  /** null: nothing is sent. */
  readonly local: MediaStream | null;
  /** To the other page, in order. */
  readonly say: (signal: CallSignalContent) => void;
  readonly changed: (state: RTCPeerConnectionState) => void;
}

type Candidate = NonNullable<CallSignalContent['candidates']>[number];

/** One end of the connection between two browsers (WebRTC). Sound and pictures go by it; only signals by Flotilla. */
export class Peer {
  /** What the other one sends. */
  readonly remote = new MediaStream();
  readonly #connection: RTCPeerConnection;
  readonly #deps: PeerDeps;
  /** Come before the description that they belong to. */
  readonly #early: Candidate[] = [];
  readonly #found: Candidate[] = [];
  /** One thing after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(deps: PeerDeps) {
    this.#deps = deps;
    this.#connection = new RTCPeerConnection({ iceServers: deps.iceServers as RTCIceServer[] });
    this.#connection.addEventListener('track', ({ track }) => this.remote.addTrack(track));
    this.#connection.addEventListener('icecandidate', ({ candidate }) => candidate && this.#find(candidate));
    this.#connection.addEventListener('connectionstatechange', () => deps.changed(this.#connection.connectionState));
    if (!deps.isCaller) return;
    for (const kind of deps.video ? ['audio', 'video'] : ['audio']) this.#offerKind(kind);
    this.#do(() => this.#offer(false));
  }

  /** A signal of the other page, in their order. */
  hear({ description, candidates, restart }: CallSignalContent): void {
    if (description) this.#do(() => this.#describe(description));
    if (candidates) this.#do(() => this.#add(candidates));
    if (restart) this.restart();
  }

  /** Looks for a way anew; who makes no offers asks for one. */
  restart(): void {
    if (!this.#deps.isCaller) this.#deps.say({ restart: true });
    else this.#do(() => (this.#connection.signalingState === 'stable' ? this.#offer(true) : Promise.resolve()));
  }

  close(): void {
    this.#connection.close();
    for (const track of this.remote.getTracks()) track.stop();
  }

  /** What was said before may have come too late; the watch over the connection sees to the rest. */
  #do(act: () => Promise<void>): void {
    this.#work = this.#work.then(act).catch(() => undefined);
  }

  #offerKind(kind: string): void {
    const track = this.#track(kind);
    this.#connection.addTransceiver(track ?? kind, { direction: track ? 'sendrecv' : 'recvonly' });
  }

  #track(kind: string): MediaStreamTrack | undefined {
    return this.#deps.local?.getTracks().find((track) => track.kind === kind);
  }

  async #offer(iceRestart: boolean): Promise<void> {
    await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart }));
    this.#sayDescription('offer');
  }

  async #describe({ type, sdp }: NonNullable<CallSignalContent['description']>): Promise<void> {
    if ((type === 'offer') === this.#deps.isCaller) return;
    await this.#connection.setRemoteDescription({ type, sdp });
    if (type === 'offer') {
      for (const transceiver of this.#connection.getTransceivers()) await this.#answerWith(transceiver);
      await this.#connection.setLocalDescription();
      this.#sayDescription('answer');
    }
    await this.#add(this.#early.splice(0));
  }

  async #answerWith(transceiver: RTCRtpTransceiver): Promise<void> {
    const track = this.#track(transceiver.receiver.track.kind);
    transceiver.direction = track ? 'sendrecv' : 'recvonly';
    if (track && transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
  }

  #sayDescription(type: 'offer' | 'answer'): void {
    const { sdp = '' } = this.#connection.localDescription ?? {};
    this.#deps.say({ description: { type, sdp } });
  }

  async #add(candidates: readonly Candidate[]): Promise<void> {
    if (this.#connection.remoteDescription === null) {
      this.#early.push(...candidates);
      return;
    }
    for (const candidate of candidates) {
      // One of a way that was looked for before is of no use any more.
      await this.#connection.addIceCandidate(candidate).catch(() => undefined);
    }
  }

  #find({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): void {
    if (candidate === '') return;
    this.#found.push({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
    if (this.#found.length > 1) return;
    setTimeout(() => {
      // A description that is being said comes first.
      this.#do(() => {
        while (this.#found.length > 0) this.#deps.say({ candidates: this.#found.splice(0, TOLD_AT_ONCE) });
        return Promise.resolve();
      });
    }, GATHER_MS);
  }
}
