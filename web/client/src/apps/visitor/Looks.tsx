// One's own picture, microphone and line, each with a word on how it is.
import type { ReactNode } from "react";
import type { DeviceState, OwnDevices } from "../../call/media";
import type { CallState } from "../../call/protocol.gen";
import { own } from "../../call/scene";
import { useStore, type LiveView } from "../../callscreen/useCall";
import { useWords } from "../../i18n/words";
import { Icon, type IconName } from "../../ui/Icon";
import { Level } from "../../ui/Level";
import { Picture } from "../../ui/Picture";
import { PictureTag } from "../../ui/PictureTag";
import type { LobbyState } from "./lobby";
import type { DeviceChoice } from "./useOwnDevices";

const CAMERA: Record<DeviceState, string> = {
  on: "visitor.device.works",
  off: "visitor.device.off",
  asking: "visitor.device.asking",
  blocked: "visitor.device.blocked",
  missing: "visitor.device.missing",
  busy: "visitor.device.busy",
  lost: "visitor.device.lost",
};

interface LooksProps {
  devices: OwnDevices;
  view: LiveView;
  state: LobbyState;
  choice: DeviceChoice;
  call: CallState | null;
}

export function Looks({ devices, view, state, call }: LooksProps): ReactNode {
  const { t } = useWords();
  const { camera, stream } = view.media;
  return (
    <section className="lobby__see" aria-label={t("visitor.looks")}>
      <figure className="feed">
        {stream === null ? (
          <div className="pic-off">
            <Icon name={camera === "asking" ? "camera" : "camera-off"} size="xl" />
            <span>{camera === "asking" ? t("visitor.device.asking") : t("visitor.no_picture")}</span>
          </div>
        ) : (
          <Picture own stream={stream} label={t("call.own_picture")} testId="own-picture" />
        )}
        <PictureTag>{t("call.you")}</PictureTag>
      </figure>
      <ul className="looks">
        <Look icon={camera === "on" || camera === "asking" ? "camera" : "camera-off"} name={t("visitor.camera")} bad={isBad(camera)} calm={camera !== "on"}>
          {t(CAMERA[camera])}
        </Look>
        <Sound devices={devices} microphone={view.media.microphone} />
        {state !== "early" && <Line view={view} call={call} />}
      </ul>
    </section>
  );
}

const isBad = (device: DeviceState): boolean => device !== "on" && device !== "off" && device !== "asking";

function Sound({ devices, microphone }: { devices: OwnDevices; microphone: DeviceState }): ReactNode {
  const { t } = useWords();
  const { level, heard } = useStore(devices.loudness);
  const words = microphone !== "on" ? t(CAMERA[microphone]) : heard ? t("visitor.heard") : t("visitor.speak");
  return (
    <Look icon={isBad(microphone) ? "mic-off" : "mic"} name={t("visitor.sound")} bad={isBad(microphone)} calm={!heard}>
      {words}
      {microphone === "on" && <Level level={level} />}
    </Look>
  );
}

const FAST = 250;
const SLOW = 700;

function Line({ view, call }: { view: LiveView; call: CallState | null }): ReactNode {
  const { t } = useWords();
  const measured = call === null ? null : (own(call)?.line ?? null);
  const { roundTrip } = view.session;
  if (view.link.at !== "up" || roundTrip === null) {
    const lost = view.link.at === "down";
    return (
      <Look icon="line-weak" name={t("visitor.line")} bad={lost} calm={!lost}>
        {lost ? t("visitor.line.none") : t("visitor.line.testing")}
      </Look>
    );
  }
  const grade = measured ?? (roundTrip < FAST ? 4 : roundTrip < SLOW ? 3 : 2);
  const words = grade >= 4 ? t("visitor.line.good") : grade === 3 ? t("visitor.line.fair") : t("visitor.line.weak");
  return (
    <Look icon={grade >= 3 ? "line" : "line-weak"} name={t("visitor.line")} bad={grade < 3}>
      {words}
    </Look>
  );
}

interface LookProps {
  icon: IconName;
  name: string;
  bad?: boolean;
  /** Neither well nor wrong yet. */
  calm?: boolean;
  children: ReactNode;
}

function Look({ icon, name, bad = false, calm = false, children }: LookProps): ReactNode {
  return (
    <li className={bad ? "is-needs" : calm ? "is-calm" : undefined}>
      <b>
        <Icon name={icon} /> {name}
      </b>
      <span className="says">{children}</span>
    </li>
  );
}
