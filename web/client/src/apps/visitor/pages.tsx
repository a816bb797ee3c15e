// The pages of a relative that are no lobby and no call; each says what happened and the way on.
import type { ReactNode } from "react";
import type { Fault, VisitView } from "../../api/api";
import { isGoodbye, refusalWords } from "../../call/codes";
import type { GoodbyeCode } from "../../call/protocol.gen";
import type { Lack } from "../../call/support";
import { day, span } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Button } from "../../ui/Button";
import { StatePage } from "../../ui/StatePage";

const reload = (): void => location.reload();

export function BrowserPage({ lack }: { lack: NonNullable<Lack> }): ReactNode {
  const { t } = useWords();
  return (
    <StatePage icon="warn" tone="needs" title={t("visitor.old.title")} phase={lack} code={lack}>
      <p>{lack === "old" ? t("ui.old_browser") : t("visitor.insecure")}</p>
    </StatePage>
  );
}

const SIGN_IN: ReadonlySet<Fault> = new Set(["sign_in_refused", "not_found"]);
const SESSION: ReadonlySet<Fault> = new Set(["not_signed_in", "session_ended"]);

export function FaultPage({ code, onAgain }: { code: Fault; onAgain: () => void }): ReactNode {
  const { t } = useWords();
  if (SIGN_IN.has(code)) {
    return (
      <StatePage icon="x-c" tone="needs" title={t("visitor.link.title")} phase="link" code={code}>
        <p>{t("visitor.link.text")}</p>
      </StatePage>
    );
  }
  if (SESSION.has(code)) {
    return (
      <StatePage icon="user" title={t("visitor.signed_out.title")} phase="signed_out" code={code}>
        <p>{t("visitor.signed_out.text")}</p>
      </StatePage>
    );
  }
  const again = (
    <Button kind="primary" onClick={onAgain}>
      {t("ui.try_again")}
    </Button>
  );
  const title = code === "offline" ? t("visitor.offline.title") : t("visitor.fault.title");
  return (
    <StatePage icon="line-weak" tone="needs" title={title} phase={code} code={code} actions={again}>
      <p>{t(refusalWords(code))}</p>
    </StatePage>
  );
}

/** The server has said its last word on this page. */
export function OverPage({ why }: { why: GoodbyeCode | Fault }): ReactNode {
  const { t } = useWords();
  if (!isGoodbye(why)) return <FaultPage code={why} onAgain={reload} />;
  if (why === "signed_out") return <FaultPage code="session_ended" onAgain={reload} />;
  const elsewhere = why === "elsewhere";
  const actions = (
    <Button kind="primary" onClick={reload}>
      {elsewhere ? t("visitor.elsewhere.here") : t("ui.reload")}
    </Button>
  );
  const title = elsewhere ? t("visitor.elsewhere.title") : t("visitor.fault.title");
  return (
    <StatePage icon={elsewhere ? "swap" : "warn"} tone="needs" title={title} phase={why} actions={actions} code={why}>
      <p>{elsewhere ? t("visitor.elsewhere.text") : t("visitor.misbehaved")}</p>
    </StatePage>
  );
}

/** Over, cancelled, or without conditions: there is nothing to join. */
export function VisitStatePage({ visit, onAgain }: { visit: VisitView; onAgain: () => void }): ReactNode {
  const { t, lang } = useWords();
  const values = { name: visit.prisoner, day: day(visit.starts_at, lang), span: span(visit.starts_at, visit.ends_at) };
  const when = <p>{t("visitor.state.when", values)}</p>;
  if (visit.state === "cancelled") {
    return (
      <StatePage icon="calendar" tone="needs" title={t("visitor.cancelled.title", values)} phase="cancelled">
        {when}
        <p>{t("visitor.cancelled.text")}</p>
      </StatePage>
    );
  }
  if (visit.state === "undecided") {
    const again = (
      <Button kind="primary" onClick={onAgain}>
        {t("ui.try_again")}
      </Button>
    );
    return (
      <StatePage icon="warn" tone="needs" title={t("visitor.undecided.title")} phase="undecided" code="visit_undecided" actions={again}>
        {when}
        <p>{t("call.refusal.visit_undecided")}</p>
      </StatePage>
    );
  }
  return (
    <StatePage icon="clock" title={t("visitor.over.title", values)} phase="over">
      {when}
      <p>{t("visitor.over.text")}</p>
    </StatePage>
  );
}
