// The visits office's app: signed in or not, then a day's visits.
import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { Fault, Me } from "../../api/api";
import { refusalWords } from "../../call/codes";
import { useWords } from "../../i18n/words";
import { AppBar } from "../../ui/AppBar";
import { Button } from "../../ui/Button";
import { StaffSignIn } from "../../ui/StaffSignIn";
import { Loading, StatePage } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";
import { officeMe, officeSignIn, officeSignOut } from "./api";
import { DayPage } from "./DayPage";

type Who = { at: "loading" } | { at: "fault"; code: Fault } | { at: "in"; me: Me };

const NOBODY: ReadonlySet<string> = new Set(["not_signed_in", "session_ended"]);

export function OfficeApp(): ReactNode {
  const { t } = useWords();
  const [who, setWho] = useState<Who>({ at: "loading" });
  const load = useCallback(() => {
    void officeMe().then((answer) => setWho(answer.ok ? { at: "in", me: answer.value } : { at: "fault", code: answer.code }));
  }, []);
  useEffect(load, [load]);
  useTitle(t("office.name"));
  const left = useCallback(() => setWho({ at: "fault", code: "not_signed_in" }), []);
  return (
    <>
      <AppBar name={t("office.name")} end={who.at === "in" && <End me={who.me} onOut={left} />} />
      <Page who={who} onAgain={load} onOut={left} />
    </>
  );
}

function Page({ who, onAgain, onOut }: { who: Who; onAgain: () => void; onOut: () => void }): ReactNode {
  const { t } = useWords();
  if (who.at === "loading") return <Loading />;
  if (who.at === "in") return <DayPage onOut={onOut} />;
  if (NOBODY.has(who.code)) return <StaffSignIn title={t("office.sign_in")} signIn={officeSignIn} onDone={onAgain} />;
  return <Faulty code={who.code} onAgain={onAgain} />;
}

function End({ me, onOut }: { me: Me; onOut: () => void }): ReactNode {
  const { t } = useWords();
  const out = async (): Promise<void> => {
    await officeSignOut();
    onOut();
  };
  return (
    <>
      <span>{t("office.me", { name: me.name, prison: me.prison })}</span>
      <button type="button" className="link" onClick={() => void out()}>
        {t("office.sign_out")}
      </button>
    </>
  );
}

export function Faulty({ code, onAgain }: { code: Fault; onAgain: () => void }): ReactNode {
  const { t } = useWords();
  const again = (
    <Button kind="primary" onClick={onAgain}>
      {t("ui.try_again")}
    </Button>
  );
  return (
    <StatePage icon="line-weak" tone="needs" title={t("office.fault")} phase={code} code={code} actions={again}>
      <p>{t(refusalWords(code))}</p>
    </StatePage>
  );
}
