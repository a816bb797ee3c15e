// The person's own camera and microphone: asked for, switched, lost and found again.
import type { Tracks } from "./leg";
import { measure, SILENT, type Loudness } from "./level";
import { Store } from "./store";

/** off = by choice; blocked = the person or the system said no; busy = another program has it; lost = unplugged. */
export type DeviceState = "off" | "asking" | "on" | "blocked" | "missing" | "busy" | "lost";

export interface MediaView {
  camera: DeviceState;
  microphone: DeviceState;
  muted: boolean;
  /** For the own picture. */
  stream: MediaStream | null;
}

export type Devices = Pick<MediaDevices, "getUserMedia" | "addEventListener" | "removeEventListener">;
type Kind = "audio" | "video";

const WISHES: Record<Kind, MediaTrackConstraints> = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 }, facingMode: "user" },
};

const REASONS: Record<string, DeviceState> = {
  NotAllowedError: "blocked",
  SecurityError: "blocked",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
};

/** What a failed getUserMedia means to the person. */
export function deviceFault(error: unknown): DeviceState {
  return REASONS[(error as { name?: string } | null)?.name ?? ""] ?? "busy";
}

export class OwnDevices {
  readonly view = new Store<MediaView>({ camera: "off", microphone: "off", muted: false, stream: null });
  readonly tracks = new Store<Tracks>({ audio: null, video: null });
  readonly loudness = new Store<Loudness>(SILENT);
  readonly #devices: Devices;
  readonly #measure: typeof measure;
  #stopMeasuring: (() => void) | null = null;
  /** Counts requests: an answer that comes after the person changed their mind is thrown away. */
  #round = 0;
  #cameraWanted = false;

  constructor(devices: Devices, measureWith: typeof measure = measure) {
    this.#devices = devices;
    this.#measure = measureWith;
    devices.addEventListener("devicechange", this.#plugged);
  }

  allowed = (): { audio: boolean; video: boolean } => {
    const { muted, camera, microphone } = this.view.get();
    // A device that is being asked for is not one that was switched off.
    return { audio: !muted && comesOrIsOn(microphone), video: comesOrIsOn(camera) };
  };

  /** Asks for both at once (one question of the browser), or for sound only. */
  async start(camera: boolean): Promise<void> {
    this.stop();
    this.#cameraWanted = camera;
    const round = this.#round;
    this.view.patch({ microphone: "asking", camera: camera ? "asking" : "off" });
    const both = camera ? await this.#ask({ audio: WISHES.audio, video: WISHES.video }) : null;
    if (both instanceof MediaStream) return this.#accept(round, both);
    // One of the two is not to be had: find out which, and keep the other.
    const sound = await this.#ask({ audio: WISHES.audio });
    const picture = camera ? await this.#ask({ video: WISHES.video }) : null;
    this.#accept(round, sound instanceof MediaStream ? sound : null, sound);
    if (picture !== null) this.#accept(round, picture instanceof MediaStream ? picture : null, undefined, picture);
  }

  stop(): void {
    this.#round += 1;
    this.#stopMeasuring?.();
    this.#stopMeasuring = null;
    for (const track of Object.values(this.tracks.get())) (track as MediaStreamTrack | null)?.stop();
    this.tracks.set({ audio: null, video: null });
    this.view.set({ camera: "off", microphone: "off", muted: this.view.get().muted, stream: null });
  }

  mute(muted: boolean): void {
    const { audio } = this.tracks.get();
    if (audio !== null) audio.enabled = !muted;
    this.view.patch({ muted });
  }

  /** Off means off: the device is let go and its light goes out. */
  async switchCamera(on: boolean): Promise<void> {
    this.#cameraWanted = on;
    if (!on) return this.#letGoCamera("off");
    const round = this.#round;
    this.view.patch({ camera: "asking" });
    const picture = await this.#ask({ video: WISHES.video });
    if (!this.#cameraWanted && picture instanceof MediaStream) return stopAll(picture);
    this.#accept(round, picture instanceof MediaStream ? picture : null, undefined, picture);
  }

  async #ask(constraints: MediaStreamConstraints): Promise<MediaStream | DeviceState> {
    try {
      return await this.#devices.getUserMedia(constraints);
    } catch (error) {
      return deviceFault(error);
    }
  }

  #accept(round: number, got: MediaStream | null, sound?: MediaStream | DeviceState, picture?: MediaStream | DeviceState): void {
    if (round !== this.#round) return void (got && stopAll(got));
    if (typeof sound === "string") this.view.patch({ microphone: sound });
    if (typeof picture === "string") this.view.patch({ camera: picture });
    const audio = got?.getAudioTracks()[0];
    const video = got?.getVideoTracks()[0];
    if (audio !== undefined) this.#keepSound(audio);
    if (video !== undefined) this.#keepPicture(video);
  }

  #keepSound(track: MediaStreamTrack): void {
    track.enabled = !this.view.get().muted;
    track.addEventListener("ended", () => {
      if (this.tracks.get().audio !== track) return;
      this.tracks.patch({ audio: null });
      this.view.patch({ microphone: "lost" });
    });
    this.#stopMeasuring?.();
    this.#stopMeasuring = this.#measure(track, this.loudness);
    this.tracks.patch({ audio: track });
    this.view.patch({ microphone: "on" });
  }

  #keepPicture(track: MediaStreamTrack): void {
    track.contentHint = "motion";
    track.addEventListener("ended", () => {
      if (this.tracks.get().video === track) this.#letGoCamera("lost");
    });
    this.tracks.patch({ video: track });
    this.view.patch({ camera: "on", stream: new MediaStream([track]) });
  }

  #letGoCamera(camera: DeviceState): void {
    const { video } = this.tracks.get();
    this.tracks.patch({ video: null });
    video?.stop();
    this.view.patch({ camera, stream: null });
  }

  /** What was unplugged is taken again when it comes back. */
  #plugged = (): void => {
    const { camera, microphone } = this.view.get();
    if (camera === "lost" && this.#cameraWanted) void this.switchCamera(true);
    if (microphone === "lost") void this.#takeSoundAgain();
  };

  async #takeSoundAgain(): Promise<void> {
    const round = this.#round;
    const sound = await this.#ask({ audio: WISHES.audio });
    this.#accept(round, sound instanceof MediaStream ? sound : null, sound);
  }
}

const comesOrIsOn = (device: DeviceState): boolean => device === "on" || device === "asking";

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
