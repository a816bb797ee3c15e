// One day's visits by units: what state each is in, and what became of it.
import type { ReactNode } from "react";
import { capital, clock, day, sameDay } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Loading } from "../../ui/StatePage";
import { useAddress, type Change } from "../../ui/table/address";
import { Chips } from "../../ui/table/Chips";
import { readSorting, writeSorting } from "../../ui/table/sorting";
import "../../ui/table/table.css";
import { useTitle } from "../../ui/useTitle";
import type { OfficeDay } from "./api";
import { BY_TIME, chosenVisits, COLUMNS, countsOf, daysLater, isOpen, noonOf, unitsOf, type Choice } from "./day";
import { DayTable } from "./DayTable";
import { Faulty } from "./OfficeApp";
import "./office.css";
import { useDay } from "./useDay";

export function DayPage({ onOut }: { onOut: () => void }): ReactNode {
  const [query] = useAddress();
  const wanted = query.get("date");
  const { shown, fault, again } = useDay(wanted !== null && noonOf(wanted) !== null ? wanted : null, onOut);
  if (shown !== null) return <Day day={shown} old={fault !== null} />;
  return fault === null ? <Loading /> : <Faulty code={fault} onAgain={again} />;
}

function Day({ day: list, old }: { day: OfficeDay; old: boolean }): ReactNode {
  const { t, lang } = useWords();
  const name = capital(day(noonOf(list.date) ?? list.now, lang), lang);
  const undecided = list.visits.filter((visit) => visit.undecided !== null).length;
  useTitle(t("office.title", { day: name }));
  return (
    <main id="main" className="sheet" data-testid="phase" data-phase="day">
      <div className="sheet__top">
        <div>
          <h1>{name}</h1>
          <p className="quiet" data-testid="says">
            {t("office.says", countsOf(list.visits))}
          </p>
        </div>
        <Days list={list} />
      </div>
      <div role="status" className="office__old">
        {old && <Banner icon="line-weak" tone="needs" title={t("office.old", { time: clock(list.now) })} />}
      </div>
      {undecided > 0 && (
        <div className="office__undecided" data-testid="undecided">
          <Banner icon="warn" tone="needs" title={t("office.undecided.count", { count: undecided })} />
        </div>
      )}
      <section className="card" aria-label={t("office.list")}>
        {list.visits.length === 0 ? <Empty /> : <Visits list={list} />}
      </section>
    </main>
  );
}

function Days({ list }: { list: OfficeDay }): ReactNode {
  const { t, lang } = useWords();
  const [, change] = useAddress(true);
  const before = daysLater(list.date, -1);
  const after = daysLater(list.date, 1);
  const today = sameDay(noonOf(list.date) ?? list.now, list.now);
  const whole = (date: string): string => day(noonOf(date) ?? list.now, lang);
  const weekday = (date: string): string => capital(whole(date).split(" ")[0] ?? date, lang);
  return (
    <nav className="btns" aria-label={t("office.days")}>
      <Button icon="left" aria-label={t("office.before", { day: whole(before) })} onClick={() => change({ date: before })}>
        {weekday(before)}
      </Button>
      {!today && <Button onClick={() => change({ date: null })}>{t("office.today")}</Button>}
      <Button aria-label={t("office.after", { day: whole(after) })} onClick={() => change({ date: after })}>
        {weekday(after)} <Icon name="right" />
      </Button>
    </nav>
  );
}

function Empty(): ReactNode {
  const { t } = useWords();
  return (
    <div className="sheet__none">
      <Icon name="calendar" size="xl" />
      <h2>{t("office.empty")}</h2>
      <p className="quiet">{t("office.empty.text")}</p>
    </div>
  );
}

function Visits({ list }: { list: OfficeDay }): ReactNode {
  const { t } = useWords();
  const [query, change] = useAddress();
  const choice: Choice = { unit: query.get("unit"), open: query.get("show") === "no_outcome" };
  const visits = chosenVisits(list.visits, choice);
  const roomy = query.get("rows") === "roomy";
  return (
    <>
      <Tools list={list} choice={choice} roomy={roomy} change={change} shown={visits.length} />
      {visits.length === 0 ? (
        <div className="sheet__none">
          <h2>{t("office.none")}</h2>
          <Button onClick={() => change({ unit: null, show: null })}>{t("office.none.all")}</Button>
        </div>
      ) : (
        <DayTable
          visits={visits}
          roomy={roomy}
          sorting={readSorting(query.get("sort"), COLUMNS, BY_TIME)}
          onSort={(next) => change({ sort: writeSorting(next) })}
        />
      )}
    </>
  );
}

interface ToolsProps {
  list: OfficeDay;
  choice: Choice;
  roomy: boolean;
  change: Change;
  shown: number;
}

function Tools({ list, choice, roomy, change, shown }: ToolsProps): ReactNode {
  const { t, lang } = useWords();
  const units = unitsOf(list.visits, lang).filter((unit) => unit !== null);
  const open = list.visits.filter(isOpen).length;
  return (
    <div className="sheet__tools">
      <Chips
        label={t("office.filter.units")}
        chips={[
          { value: null, words: t("office.filter.all") },
          ...units.map((unit) => ({ value: unit, words: t("office.unit", { unit }) })),
        ]}
        chosen={choice.unit}
        onChoose={(unit) => change({ unit })}
      />
      <div className="chips" role="group" aria-label={t("office.filter")}>
        <span className="hide" role="status">
          {t("office.shown", { shown, count: list.visits.length })}
        </span>
        {(open > 0 || choice.open) && (
          <button type="button" className="chip" aria-pressed={choice.open} onClick={() => change({ show: choice.open ? null : "no_outcome" })}>
            <Icon name="warn" /> {t("office.filter.open")} <b>{open}</b>
          </button>
        )}
        <button type="button" className="chip" aria-pressed={roomy} onClick={() => change({ rows: roomy ? null : "roomy" })}>
          {t("office.roomy")}
        </button>
      </div>
    </div>
  );
}
