// The officer's app: signed in or not, then the wall, one call, or the recordings.
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { officerMe, officerSignIn, officerSignOut, type Fault, type Me } from "../../api/api";
import { refusalWords, isGoodbye } from "../../call/codes";
import type { LinkStatus } from "../../call/link";
import type { GoodbyeCode } from "../../call/protocol.gen";
import { useStore } from "../../callscreen/useCall";
import { useWords } from "../../i18n/words";
import { AppBar } from "../../ui/AppBar";
import { Button } from "../../ui/Button";
import { StaffSignIn } from "../../ui/StaffSignIn";
import { Loading, StatePage } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";
import { CallPage } from "./CallPage";
import "./officer.css";
import { RecordingsPage } from "./RecordingsPage";
import { ReviewPage } from "./review/ReviewPage";
import { follow, useRoute, type Route } from "./route";
import { createWatching, useRunning, type Watching } from "./useWatch";
import { Wall } from "./Wall";

type Who = { at: "loading" } | { at: "fault"; code: Fault } | { at: "in"; me: Me };

const NOBODY: ReadonlySet<string> = new Set(["not_signed_in", "session_ended"]);

export function OfficerApp(): ReactNode {
  const { t } = useWords();
  const [who, setWho] = useState<Who>({ at: "loading" });
  const load = useCallback(() => {
    void officerMe().then((answer) => setWho(answer.ok ? { at: "in", me: answer.value } : { at: "fault", code: answer.code }));
  }, []);
  useEffect(load, [load]);
  useTitle(t("officer.name"));
  if (who.at === "loading") return <Framed page={<Loading />} />;
  if (who.at === "in") return <SignedIn me={who.me} onOut={() => setWho({ at: "fault", code: "not_signed_in" })} />;
  if (NOBODY.has(who.code)) {
    return <Framed page={<StaffSignIn title={t("officer.sign_in")} signIn={officerSignIn} onDone={load} />} />;
  }
  return <Framed page={<Fault code={who.code} onAgain={load} />} />;
}

function Framed({ page }: { page: ReactNode }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <AppBar name={t("officer.name")} />
      {page}
    </>
  );
}

function Fault({ code, onAgain }: { code: string; onAgain: () => void }): ReactNode {
  const { t } = useWords();
  const again = (
    <Button kind="primary" onClick={onAgain}>
      {t("ui.try_again")}
    </Button>
  );
  return (
    <StatePage icon="line-weak" tone="needs" title={t("officer.fault")} phase={code} code={code} actions={again}>
      <p>{t(refusalWords(code))}</p>
    </StatePage>
  );
}

function SignedIn({ me, onOut }: { me: Me; onOut: () => void }): ReactNode {
  const watching = useMemo(() => createWatching(), []);
  const route = useRoute();
  const link = useStore(watching.link.status);
  useRunning(watching, true);
  const out = async (): Promise<void> => {
    await officerSignOut();
    onOut();
  };
  return (
    <>
      <Bar me={me} route={route} live={useStore(watching.session.view).wall?.calls.length ?? null} onOut={() => void out()} />
      {link.at === "over" ? <Over why={link.why} /> : <Page route={route} me={me} watching={watching} link={link} />}
    </>
  );
}

interface PageProps {
  route: Route;
  me: Me;
  watching: Watching;
  link: LinkStatus;
}

function Page({ route, me, watching, link }: PageProps): ReactNode {
  switch (route.page) {
    case "wall":
      return <Wall watching={watching} link={link} />;
    case "call":
      return <CallPage key={route.visit} visit={route.visit} watching={watching} link={link} />;
    case "recordings":
      return <RecordingsPage />;
    case "recording":
      return <ReviewPage key={route.recording} recording={route.recording} viewer={me.name} />;
  }
}

/** The server has said its last word on this page. */
function Over({ why }: { why: GoodbyeCode | Fault }): ReactNode {
  const { t } = useWords();
  const again = (
    <Button kind="primary" onClick={() => location.reload()}>
      {t("ui.reload")}
    </Button>
  );
  return (
    <StatePage icon="user" tone="needs" title={t("officer.over")} phase={why} code={why} actions={again}>
      <p>{t(isGoodbye(why) ? "call.refusal.session_ended" : refusalWords(why))}</p>
    </StatePage>
  );
}

interface BarProps {
  me: Me;
  route: Route;
  /** How many calls run; null before it is known. */
  live: number | null;
  onOut: () => void;
}

function Bar({ me, route, live, onOut }: BarProps): ReactNode {
  const { t } = useWords();
  const current = (pages: string): { "aria-current"?: "page" } => (pages.includes(route.page) ? { "aria-current": "page" } : {});
  const end = (
    <>
      <span className="me">{t("officer.me", { name: me.name, prison: me.prison })}</span>
      <button type="button" className="link" onClick={onOut}>
        {t("officer.sign_out")}
      </button>
    </>
  );
  return (
    <AppBar name={t("officer.name")} href="/officer" end={end}>
      <nav className="tabs" aria-label={t("officer.tabs")}>
        <a {...follow({ page: "wall" })} {...current("wall call")}>
          {t("officer.wall")} {live !== null && live > 0 && <span className="count">{live}</span>}
        </a>
        <a {...follow({ page: "recordings" })} {...current("recordings recording")}>
          {t("officer.recordings")}
        </a>
      </nav>
    </AppBar>
  );
}
