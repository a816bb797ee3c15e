// Shows a live MediaStream.
import { useEffect, useEffectEvent, useRef, type ReactNode } from "react";

interface PictureProps {
  stream: MediaStream | null;
  /** Read out instead of the picture. */
  label: string;
  /** Own picture: no sound of oneself, and as in a mirror. */
  own?: boolean;
  muted?: boolean;
  testId?: string;
  /** The browser wants a press before it plays sound; call the function from a press. */
  onBlocked?: (play: () => void) => void;
  onPlaying?: () => void;
}

export function Picture(props: PictureProps): ReactNode {
  const { stream, label, own = false, muted = own, testId, onBlocked, onPlaying } = props;
  const video = useRef<HTMLVideoElement>(null);
  const blocked = useEffectEvent((play: () => void) => onBlocked?.(play));
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    if (element.srcObject !== stream) element.srcObject = stream;
    if (stream === null) return;
    const play = (): void => {
      element.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === "NotAllowedError") blocked(play);
      });
    };
    play();
  }, [stream]);
  return (
    // A live call has no caption track.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    <video
      ref={video}
      className={own ? "pic pic--own" : "pic"}
      aria-label={label}
      data-testid={testId}
      muted={muted}
      autoPlay
      playsInline
      disablePictureInPicture
      onPlaying={onPlaying}
    />
  );
}
