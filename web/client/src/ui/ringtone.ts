// Rings softly with two notes, made on the spot; silent where the browser forbids sound without a press.
import { useEffect } from "react";

const NOTES = [659.3, 523.3];
const EVERY = 3_000;

export function useRingtone(): void {
  useEffect(() => {
    const context = new AudioContext();
    const ring = (): void => {
      if (context.state === "running") NOTES.forEach((pitch, i) => note(context, pitch, context.currentTime + i * 0.45));
    };
    ring();
    const timer = setInterval(ring, EVERY);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, []);
}

function note(context: AudioContext, pitch: number, at: number): void {
  const tone = new OscillatorNode(context, { frequency: pitch });
  const loudness = new GainNode(context, { gain: 0 });
  loudness.gain.linearRampToValueAtTime(0.25, at + 0.03);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + 1);
}
