// What happens to each kind of call, for everybody, in the words of the rules the server goes by.
import { useEffect, type ReactNode } from "react";
import { refusalWords } from "../../call/codes";
import { fullDate } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { AppBar } from "../../ui/AppBar";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Loading, StatePage } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";
import type { PackHead, PackList, WhatHappens } from "./api";
import { Afterwards } from "./Afterwards";
import { BookingRules } from "./BookingRules";
import { KindCard } from "./KindCard";
import "./policies.css";
import { usePack } from "./usePack";

export function PoliciesApp(): ReactNode {
  const { t } = useWords();
  const [shown, again] = usePack();
  useTitle(t("policies.title"));
  return (
    <>
      <AppBar name={t("policies.name")} href="/" />
      {shown.at === "loading" && <Loading />}
      {shown.at === "page" && <Page list={shown.list} page={shown.page} />}
      {shown.at === "unreadable" && (
        <StatePage icon="warn" tone="needs" title={t("policies.unreadable")} phase="unreadable">
          <p>{t("policies.unreadable.text")}</p>
        </StatePage>
      )}
      {shown.at === "fault" && (
        <StatePage
          icon="line-weak"
          tone="needs"
          title={t("policies.fault")}
          phase={shown.code}
          code={shown.code}
          actions={
            <Button kind="primary" onClick={again}>
              {t("ui.try_again")}
            </Button>
          }
        >
          <p>{t(refusalWords(shown.code))}</p>
        </StatePage>
      )}
    </>
  );
}

function Page({ list, page }: { list: PackList; page: WhatHappens }): ReactNode {
  const { t, pick } = useWords();
  useEffect(() => {
    // The page comes after its address: what the address points at is only there now.
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);
  const open = page.kinds.filter((kind) => !kind.ordinary.closed);
  const closed = page.kinds.filter((kind) => kind.ordinary.closed);
  return (
    <main id="main" className="policies" data-testid="phase" data-phase="policies">
      <header className="stack">
        <h1>{t("policies.title")}</h1>
        <p>{t("policies.lead")}</p>
        <Whose head={page.head} />
      </header>
      <section className="policies__group" aria-labelledby="open">
        <h2 id="open">{t("policies.open")}</h2>
        <div className="policies__kinds">
          {open.map((kind) => (
            <KindCard key={kind.kind} kind={kind} />
          ))}
        </div>
      </section>
      <section className="policies__group" aria-labelledby="closed">
        <h2 id="closed">{t("policies.closed")}</h2>
        <p className="quiet">{t("policies.closed.text")}</p>
        <div className="policies__kinds">
          {closed.map((kind) => (
            <KindCard key={kind.kind} kind={kind} />
          ))}
        </div>
      </section>
      <BookingRules booking={page.booking} kinds={page.kinds} />
      <Afterwards appeals={page.appeals} months={page.ban_months} />
      <OtherPacks list={list} shown={page.head.pack} pick={pick} />
    </main>
  );
}

/** Whose rules these are, and that nobody has approved them, where that is so. */
function Whose({ head }: { head: PackHead }): ReactNode {
  const { t, pick, lang } = useWords();
  const from = fullDate(head.valid_from, lang);
  return (
    <>
      <p className="quiet small">
        {head.valid_until === null
          ? t("policies.whose", { country: pick(head.jurisdiction), version: head.version, from })
          : t("policies.whose.until", {
              country: pick(head.jurisdiction),
              version: head.version,
              from,
              until: fullDate(head.valid_until, lang),
            })}
      </p>
      {!head.in_use && (
        <Banner icon="globe">
          <p>{t("policies.elsewhere")}</p>
        </Banner>
      )}
      {!head.reviewed && (
        <Banner icon="warn" tone="needs">
          <p>{t("policies.demo")}</p>
        </Banner>
      )}
    </>
  );
}

interface OtherPacksProps {
  list: PackList;
  shown: string;
  pick: (words: PackHead["jurisdiction"]) => string;
}

function OtherPacks({ list, shown, pick }: OtherPacksProps): ReactNode {
  const { t } = useWords();
  const others = list.packs.filter((pack) => pack.pack !== shown);
  if (others.length === 0) return null;
  return (
    <nav className="policies__others" aria-labelledby="others">
      <h2 id="others">{t("policies.others")}</h2>
      <ul>
        {others.map((pack) => (
          <li key={pack.pack}>
            <a href={`?pack=${pack.pack}`}>{pick(pack.jurisdiction)}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
