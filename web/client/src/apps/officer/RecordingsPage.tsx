// The recordings of the prison as a table; opening one asks for a reason.
import { useCallback, useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Fault } from "../../api/api";
import { clock, day, sameDay, span } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Loading } from "../../ui/StatePage";
import { useAddress, type Change } from "../../ui/table/address";
import { Chips } from "../../ui/table/Chips";
import { SortHead } from "../../ui/table/SortHead";
import { readSorting, sorted, writeSorting, type Sorting } from "../../ui/table/sorting";
import "../../ui/table/table.css";
import { useTitle } from "../../ui/useTitle";
import { CHIPS, chosenRows, COLUMNS, NEWEST_FIRST, VALUES, type Column } from "./recordings";
import { getRecordings, type RecordingRow, type Recordings } from "./review/api";
import { duration } from "./review/durations";
import { Faulty } from "./review/ReviewPage";
import { follow } from "./route";
import { usePaper } from "./usePaper";

type Found = { at: "loading" } | { at: "fault"; code: Fault } | { at: "here"; list: Recordings };

export function RecordingsPage(): ReactNode {
  const { t } = useWords();
  const [found, setFound] = useState<Found>({ at: "loading" });
  const load = useCallback(() => {
    void getRecordings().then((answer) =>
      setFound(answer.ok ? { at: "here", list: answer.value } : { at: "fault", code: answer.code }),
    );
  }, []);
  useEffect(load, [load]);
  usePaper();
  useTitle(t("review.list"));
  if (found.at === "loading") return <Loading />;
  if (found.at === "fault") return <Faulty title={t("review.list.fault")} code={found.code} onAgain={load} />;
  return <Sheet list={found.list} onReload={load} />;
}

function Sheet({ list, onReload }: { list: Recordings; onReload: () => void }): ReactNode {
  const { t } = useWords();
  const going = list.items.filter((row) => row.status === "recording").length;
  return (
    <main id="main" className="sheet" data-testid="phase" data-phase="recordings">
      <div className="sheet__top">
        <div>
          <h1>{t("review.list")}</h1>
          <p className="quiet">{t("review.list.says", { count: list.items.length, going })}</p>
        </div>
        <Button onClick={onReload}>{t("review.list.reload")}</Button>
      </div>
      <section className="card" aria-label={t("review.list")}>
        {list.items.length === 0 ? (
          <div className="sheet__none">
            <Icon name="record" size="xl" />
            <h2>{t("review.list.empty")}</h2>
            <p className="quiet">{t("review.list.empty.text")}</p>
          </div>
        ) : (
          <Table list={list} />
        )}
      </section>
    </main>
  );
}

function Table({ list }: { list: Recordings }): ReactNode {
  const { t, lang } = useWords();
  const [query, change] = useAddress();
  const sorting = readSorting(query.get("sort"), COLUMNS, NEWEST_FIRST);
  const chosen = chosenRows(list, query.get("show"));
  const rows = sorted(chosen, VALUES[sorting.by], sorting.down, lang);
  const roomy = query.get("rows") === "roomy";
  return (
    <>
      <Tools list={list} query={query} change={change} shown={rows.length} />
      {rows.length === 0 ? (
        <div className="sheet__none">
          <h2>{t("review.list.none")}</h2>
          <Button onClick={() => change({ show: null })}>{t("review.filter.all")}</Button>
        </div>
      ) : (
        <div className="tablewrap">
          <table className={roomy ? "table table--roomy" : "table"}>
            <Head sorting={sorting} onSort={(next) => change({ sort: writeSorting(next) })} />
            <tbody>
              {rows.map((row) => (
                <Row key={row.recording} row={row} now={list.now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** Up and down go from row to row. */
function alongRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...(event.currentTarget.closest("tbody")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const next = links[links.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

interface ToolsProps {
  list: Recordings;
  query: URLSearchParams;
  change: Change;
  shown: number;
}

function Tools({ list, query, change, shown }: ToolsProps): ReactNode {
  const { t } = useWords();
  const chips = CHIPS.map(({ value, words }) => ({ value, words: t(words), count: chosenRows(list, value).length }));
  const roomy = query.get("rows") === "roomy";
  return (
    <div className="sheet__tools">
      <Chips
        label={t("review.filter")}
        chips={chips.filter((chip) => chip.value === null || chip.count > 0 || chip.value === query.get("show"))}
        chosen={query.get("show")}
        onChoose={(show) => change({ show })}
      />
      <div className="chips">
        <span className="hide" role="status">
          {t("review.list.shown", { shown, count: list.items.length })}
        </span>
        <button type="button" className="chip" aria-pressed={roomy} onClick={() => change({ rows: roomy ? null : "roomy" })}>
          {t("review.list.roomy")}
        </button>
      </div>
    </div>
  );
}

const HEADS: Readonly<Record<Column, string>> = {
  when: "review.list.when",
  prisoner: "review.list.prisoner",
  visitor: "review.list.visitor",
  cell: "review.list.cell",
  length: "review.list.length",
  sound: "review.list.sound",
  gaps: "review.list.gaps",
  state: "review.list.state",
};

function Head({ sorting, onSort }: { sorting: Sorting<Column>; onSort: (sorting: Sorting<Column>) => void }): ReactNode {
  const { t } = useWords();
  return (
    <thead>
      <tr>
        {COLUMNS.map((column) => (
          <SortHead key={column} column={column} sorting={sorting} onSort={onSort}>
            {t(HEADS[column])}
          </SortHead>
        ))}
        <th scope="col">
          <span className="hide">{t("review.list.action")}</span>
        </th>
      </tr>
    </thead>
  );
}

function Row({ row, now }: { row: RecordingRow; now: number }): ReactNode {
  const { t, lang, pick } = useWords();
  const time = row.ended_at === null ? clock(row.begun_at) : span(row.begun_at, row.ended_at);
  const { prisoner, visitor } = row;
  const open = follow({ page: "recording", recording: row.recording });
  return (
    <tr data-testid={`recording-${row.recording}`}>
      <td>
        <b>{time}</b> <span className="quiet">{sameDay(row.begun_at, now) ? t("review.list.today") : day(row.begun_at, lang)}</span>
      </td>
      <td>{prisoner}</td>
      <td>{t("review.list.related", { visitor, relation: pick(row.relation) })}</td>
      <td>
        <span className="cell">{row.cell}</span>
      </td>
      <td>{row.duration_ms === null ? "–" : t("review.length", duration(row.duration_ms))}</td>
      <td>
        <span className={row.sound ? "ilabel" : "ilabel quiet"}>
          <Icon name={row.sound ? "sound" : "sound-off"} />
          {row.sound ? t("review.list.sound.yes") : t("review.list.sound.no")}
        </span>
      </td>
      <td>{row.gaps === 0 ? <span className="quiet">0</span> : <span className="pill pill--needs"><Icon name="gap" />{row.gaps}</span>}</td>
      <td>
        <State status={row.status} />
      </td>
      <td>
        <a
          className="btn btn--dense"
          data-row
          onKeyDown={alongRows}
          aria-label={t("review.list.open.which", { prisoner, visitor, time })}
          href={open.href}
          onClick={open.onClick}
        >
          {t("review.list.open")}
        </a>
      </td>
    </tr>
  );
}

function State({ status }: { status: string }): ReactNode {
  const { t } = useWords();
  switch (status) {
    case "recording":
      return <span className="pill pill--action"><Icon name="record" />{t("review.list.state.recording")}</span>;
    case "closed":
      return <span className="pill pill--well"><Icon name="shield" />{t("review.list.state.closed")}</span>;
    default:
      return <span className="pill pill--needs"><Icon name="warn" />{t("review.list.state.open_ended")}</span>;
  }
}
