// The one thing the person should know now, in a box that never covers a face for long.
import { useEffect, useState, type ReactNode } from "react";
import type { DeviceState } from "../call/media";
import type { CallState } from "../call/protocol.gen";
import { other, own, type Scene } from "../call/scene";
import { clock } from "../i18n/times";
import { useWords, type Words } from "../i18n/words";
import { Button } from "../ui/Button";
import { Icon, type IconName } from "../ui/Icon";
import type { LiveView } from "./useCall";

export interface SaysWords {
  icon: IconName;
  title: string;
  text: string;
  more?: string | undefined;
  /** They hear each other although the picture fails. */
  hear?: boolean;
  /** The person must press once before sound comes. */
  press?: boolean;
}

/** The countdown goes on saying it; the box makes way for the face again. */
const NOTICE_MS = 20_000;

/** Whether the notice of time is still news. */
function useNews(notice: CallState["minutes_notice"]): boolean {
  const [read, setRead] = useState<CallState["minutes_notice"]>(null);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => setRead(notice), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return notice !== null && notice !== read;
}

export function useSaysWords(call: CallState, scene: Scene, view: LiveView, soundBlocked: boolean): SaysWords | null {
  const { t } = useWords();
  const timely = useNews(call.minutes_notice);
  const far = other(call);
  const name = far?.name ?? "";
  const hear = far?.audio === true && own(call)?.audio === true;
  if (soundBlocked) {
    return { icon: "sound-off", title: t("call.blocked_sound.title"), text: t("call.blocked_sound.text"), press: true };
  }
  switch (scene) {
    case "own_lost":
      return { icon: "line-weak", title: t("call.own_lost.title"), text: t("call.own_lost.text") };
    case "joining":
      return { icon: "line", title: t("call.joining"), text: t("call.joining.text", { name }) };
    case "other_lost":
    case "other_lobby": {
      const until = call.resume_until === null ? undefined : t("call.lost.until", { time: clock(call.resume_until) });
      return { icon: "line-weak", title: t("call.lost.title"), text: t("call.lost.text", { name }), more: until };
    }
    case "weak_still":
      return { icon: "line-weak", title: t("call.weak.title"), text: t("call.weak.still"), hear };
    case "weak_small":
      return { icon: "line-weak", title: t("call.weak.title"), text: t("call.weak.small"), hear };
    default:
      return quietWords(call, view, timely, t);
  }
}

const failed = (device: DeviceState): boolean => device !== "on" && device !== "off" && device !== "asking";

/** With good lines: notices of time, and devices that fail. */
function quietWords(call: CallState, view: LiveView, timely: boolean, t: Words["t"]): SaysWords | null {
  const { camera, microphone } = view.media;
  if (timely) {
    const title = call.minutes_notice === 5 ? t("call.minutes.5") : t("call.minutes.1");
    return { icon: "clock", title, text: t("call.minutes.text", { time: clock(call.ends_at) }) };
  }
  if (failed(microphone)) return { icon: "mic-off", title: t("call.no_microphone"), text: "" };
  if (failed(camera)) return { icon: "camera-off", title: t("call.no_camera"), text: "" };
  if (call.recording === "interrupted") return { icon: "record", title: t("call.interrupted"), text: "" };
  return null;
}

export function Says({ says, onPlay }: { says: SaysWords | null; onPlay?: (() => void) | undefined }): ReactNode {
  const { t } = useWords();
  if (says === null) return null;
  return (
    <div className="say">
      <h2>
        <Icon name={says.icon} /> {says.title}
      </h2>
      {says.text && <p>{says.text}</p>}
      {says.more && <p className="quiet">{says.more}</p>}
      {says.hear && (
        <p className="hears">
          <Icon name="sound" /> {t("call.weak.hear")}
        </p>
      )}
      {says.press && (
        <Button kind="primary" icon="sound" onClick={onPlay}>
          {t("call.blocked_sound.play")}
        </Button>
      )}
    </div>
  );
}
