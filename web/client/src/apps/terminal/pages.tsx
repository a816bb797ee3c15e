// What a terminal shows when it cannot show the day.
import type { ReactNode } from "react";
import type { Fault } from "../../api/api";
import { isGoodbye, refusalWords } from "../../call/codes";
import type { GoodbyeCode } from "../../call/protocol.gen";
import { useWords } from "../../i18n/words";
import { Button } from "../../ui/Button";
import { StatePage } from "../../ui/StatePage";
import { useKeys } from "../../ui/useKeys";

const reload = (): void => location.reload();

export function FaultPage({ code, onAgain }: { code: Fault; onAgain: () => void }): ReactNode {
  const { t } = useWords();
  useKeys({ Enter: onAgain });
  const again = (
    <Button kind="primary" keyCap="Enter" onClick={onAgain}>
      {t("ui.try_again")}
    </Button>
  );
  return (
    <StatePage icon="line-weak" tone="needs" title={t("terminal.fault.title")} phase={code} code={code} actions={again}>
      <p>{t(refusalWords(code))}</p>
    </StatePage>
  );
}

/** The server has said its last word on this page. */
export function OverPage({ why }: { why: GoodbyeCode | Fault }): ReactNode {
  const { t } = useWords();
  useKeys({ Enter: reload });
  const elsewhere = why === "elsewhere";
  const again = (
    <Button kind="primary" keyCap="Enter" onClick={reload}>
      {elsewhere ? t("terminal.here") : t("ui.reload")}
    </Button>
  );
  const words = isGoodbye(why) ? "call.refusal.session_ended" : refusalWords(why);
  return (
    <StatePage
      icon={elsewhere ? "swap" : "warn"}
      tone="needs"
      title={elsewhere ? t("terminal.elsewhere.title") : t("terminal.fault.title")}
      phase={why}
      code={why}
      actions={again}
    >
      <p>{elsewhere ? t("terminal.elsewhere.text") : t(words)}</p>
    </StatePage>
  );
}
