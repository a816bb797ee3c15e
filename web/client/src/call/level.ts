// Measures how loud a microphone is, ten times a second.
import { Store } from "./store";

const EVERY = 100;
/** Full lamps at a loud voice near the microphone, dBFS. */
const LOUD = -12;
const SILENCE = -55;
/** From here on it is a voice, not the room. */
const VOICE = 0.3;

export interface Loudness {
  /** 0 silence .. 1 loud */
  level: number;
  /** A voice was heard since the microphone was switched on. */
  heard: boolean;
}

export const SILENT: Loudness = { level: 0, heard: false };

/** Root mean square of samples (-1..1) as 0 silence .. 1 loud. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibel = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (decibel - SILENCE) / (LOUD - SILENCE)));
}

/** Watches a track until the answered function is called. */
export function measure(track: MediaStreamTrack, into: Store<Loudness>): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // Some browsers start only after a press on the page.
    if (context.state === "suspended") void context.resume().catch(() => undefined);
    analyser.getFloatTimeDomainData(samples);
    const level = loudness(samples);
    into.set({ level, heard: into.get().heard || level >= VOICE });
  }, EVERY);
  return () => {
    clearInterval(timer);
    into.set(SILENT);
    void context.close();
  };
}
