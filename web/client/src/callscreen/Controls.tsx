// The foot of a call: what is left of it, own sound, own camera, and leaving.
import { useState, type ReactNode } from "react";
import type { CallState } from "../call/protocol.gen";
import { useWords } from "../i18n/words";
import { Button, KeyCap } from "../ui/Button";
import { Countdown } from "../ui/Countdown";
import { Dialog } from "../ui/Dialog";
import { Icon, type IconName } from "../ui/Icon";
import { useKeys } from "../ui/useKeys";
import type { Live, LiveView } from "./useCall";

interface ControlsProps {
  call: CallState;
  live: Live;
  view: LiveView;
  kiosk: boolean;
  /** Something else is being asked: single keys belong to it. */
  quiet: boolean;
  onWhy: () => void;
}

export function Controls({ call, live, view, kiosk, quiet, onWhy }: ControlsProps): ReactNode {
  const { t } = useWords();
  const [leaving, setLeaving] = useState(false);
  const { muted, camera } = view.media;
  const on = camera === "on";
  const mute = (): void => {
    live.devices.mute(!muted);
    void live.session.tellMedia();
  };
  const film = async (): Promise<void> => {
    await live.devices.switchCamera(!on);
    await live.session.tellMedia();
  };
  useKeys({ "1": mute, "2": () => void film(), "3": onWhy, "0": () => setLeaving(true) }, kiosk && !quiet && !leaving);
  const held = call.phase === "held";
  return (
    <footer className="call__foot">
      <Countdown endsAt={call.ends_at} skew={view.session.skew} />
      <div className="ctls" role="group" aria-label={t("call.controls")}>
        <Control
          icon={muted ? "mic-off" : "mic"}
          label={muted ? t("call.unmute") : t("call.mute")}
          lit={muted}
          disabled={held}
          keyCap={kiosk ? "1" : undefined}
          onPress={mute}
        />
        <Control
          icon={on ? "camera" : "camera-off"}
          label={on ? t("call.camera_off") : t("call.camera_on")}
          lit={!on}
          disabled={held || camera === "asking"}
          keyCap={kiosk ? "2" : undefined}
          onPress={() => void film()}
        />
        <Control icon="leave" leave label={t("call.leave")} keyCap={kiosk ? "0" : undefined} onPress={() => setLeaving(true)} />
      </div>
      {leaving && <LeaveDialog kiosk={kiosk} onStay={() => setLeaving(false)} onLeave={live.session.leave} />}
    </footer>
  );
}

interface ControlProps {
  icon: IconName;
  label: string;
  /** Drawn inverted: something is off that is usually on. */
  lit?: boolean;
  leave?: boolean;
  disabled?: boolean;
  keyCap?: string | undefined;
  onPress: () => void;
}

/** Its words say what a press does, so it is no toggle for a screen reader. */
function Control({ icon, label, lit = false, leave = false, disabled = false, keyCap, onPress }: ControlProps): ReactNode {
  const classes = ["ctl", lit && "ctl--lit", leave && "ctl--leave"].filter(Boolean).join(" ");
  return (
    <button type="button" className={classes} disabled={disabled} onClick={onPress}>
      <Icon name={icon} />
      <span className="ctl__name">
        {label} {keyCap && <KeyCap>{keyCap}</KeyCap>}
      </span>
    </button>
  );
}

interface LeaveProps {
  kiosk: boolean;
  onStay: () => void;
  onLeave: () => unknown;
}

function LeaveDialog({ kiosk, onStay, onLeave }: LeaveProps): ReactNode {
  const { t } = useWords();
  const leave = (): void => {
    onLeave();
    onStay();
  };
  useKeys({ Enter: leave, "0": onStay }, kiosk);
  return (
    <Dialog
      title={t("call.leave.title")}
      onClose={onStay}
      actions={
        <>
          <Button keyCap={kiosk ? "0" : undefined} onClick={onStay} data-first={kiosk ? undefined : true}>
            {t("call.leave.no")}
          </Button>
          <Button kind="danger" icon="leave" keyCap={kiosk ? "Enter" : undefined} onClick={leave} data-first={kiosk ? true : undefined}>
            {t("call.leave.yes")}
          </Button>
        </>
      }
    >
      <p>{t("call.leave.text")}</p>
    </Dialog>
  );
}
