// A warning that stays until the person says that it was read.
import type { ReactNode } from "react";
import { WARNINGS } from "../call/codes";
import type { WarningState } from "../call/protocol.gen";
import { clock } from "../i18n/times";
import { useWords } from "../i18n/words";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { useKeys } from "../ui/useKeys";

interface WarningProps {
  warning: WarningState;
  kiosk: boolean;
  onRead: () => unknown;
}

export function WarningDialog({ warning, kiosk, onRead }: WarningProps): ReactNode {
  const { t } = useWords();
  useKeys({ Enter: onRead }, kiosk);
  const { code, text } = warning;
  return (
    <Dialog
      className="warning"
      title={
        <>
          <Icon name="warn" /> {t("call.warning.title")}
        </>
      }
      actions={
        <Button kind="primary" data-first keyCap={kiosk ? "Enter" : undefined} onClick={onRead}>
          {t("call.warning.read")}
        </Button>
      }
    >
      {code !== null && <p className="warning__words">{t(WARNINGS[code])}</p>}
      {text !== "" && <p className="warning__words">{text}</p>}
      <p className="quiet small">{t("call.quote.by", { time: clock(warning.at) })}</p>
      <p className="quiet small">{t("call.warning.both")}</p>
    </Dialog>
  );
}
