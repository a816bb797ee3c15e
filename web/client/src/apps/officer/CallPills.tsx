// What is to be known of a call, each as sign and word.
import type { ReactNode } from "react";
import type { WallCall } from "../../call/protocol.gen";
import { useWords } from "../../i18n/words";
import { Icon, type IconName } from "../../ui/Icon";
import { weakestLine } from "./wall";

interface PillProps {
  icon: IconName;
  tone?: "bare" | "weak" | "needs" | "danger" | "action";
  children: ReactNode;
}

const CLASSES = {
  bare: "pill pill--bare",
  weak: "pill pill--bare is-weak",
  needs: "pill pill--needs",
  danger: "pill pill--danger",
  action: "pill pill--action",
} as const;

export function Pill({ icon, tone = "bare", children }: PillProps): ReactNode {
  return (
    <span className={CLASSES[tone]}>
      <Icon name={icon} />
      {children}
    </span>
  );
}

const LINES = ["ui.line.lost", "ui.line.bad", "ui.line.weak", "ui.line.fair", "ui.line.good"] as const;

export function CallPills({ call }: { call: WallCall }): ReactNode {
  const { t } = useWords();
  const line = weakestLine(call);
  const lost = Object.values(call.presence).includes("lost");
  return (
    <p className="live__say">
      {call.phase === "held" && (
        <Pill icon="pause" tone="needs">
          {t("officer.held")}
        </Pill>
      )}
      {lost && (
        <Pill icon="x-c" tone="needs">
          {t("officer.lost")}
        </Pill>
      )}
      {!lost && line !== null && (
        <Pill icon={line <= 2 ? "line-weak" : "line"} tone={line <= 2 ? "weak" : "bare"}>
          {t(LINES[line] ?? "ui.line.lost")}
        </Pill>
      )}
      <RecordingPill call={call} />
    </p>
  );
}

function RecordingPill({ call }: { call: WallCall }): ReactNode {
  const { t } = useWords();
  if (call.closed) return <Pill icon="shield">{t("officer.not_recorded")}</Pill>;
  switch (call.recording) {
    case "on":
      return <Pill icon="record">{t("officer.recorded")}</Pill>;
    case "armed":
      return <Pill icon="record">{t("officer.recording.armed")}</Pill>;
    case "interrupted":
      return (
        <Pill icon="gap" tone="danger">
          {t("officer.recording.lost")}
        </Pill>
      );
    case "off":
      return <Pill icon="pause-bare">{t("officer.recording.off")}</Pill>;
    case "none":
      return <Pill icon="eye-off">{t("officer.not_recorded")}</Pill>;
  }
}
