// The day's visits as a table, a group of rows for each unit.
import type { ReactNode } from "react";
import { span } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Icon } from "../../ui/Icon";
import { SortHead } from "../../ui/table/SortHead";
import type { Sorting } from "../../ui/table/sorting";
import type { OfficeVisit } from "./api";
import { byUnits, COLUMNS, isOpen, type Column, type Unit } from "./day";
import { outcomeWords, STATES, UNDECIDED } from "./words";

interface DayTableProps {
  visits: readonly OfficeVisit[];
  roomy: boolean;
  sorting: Sorting<Column>;
  onSort: (sorting: Sorting<Column>) => void;
}

const HEADS: Readonly<Record<Column, string>> = {
  time: "office.time",
  cell: "office.cell",
  prisoner: "office.prisoner",
  visitor: "office.visitor",
  state: "office.state",
  outcome: "office.outcome",
};

export function DayTable({ visits, roomy, sorting, onSort }: DayTableProps): ReactNode {
  const { t, lang } = useWords();
  const say = (visit: OfficeVisit, column: "visitor" | "outcome"): string => {
    if (column === "visitor") return visit.closed ? t("office.closed") : visit.visitor;
    return visit.outcome === null ? "" : t(outcomeWords(visit.outcome));
  };
  return (
    <div className="tablewrap">
      <table className={roomy ? "table table--roomy" : "table"}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <SortHead key={column} column={column} sorting={sorting} onSort={onSort}>
                {t(HEADS[column])}
              </SortHead>
            ))}
          </tr>
        </thead>
        {byUnits(visits, sorting, lang, say).map((unit) => (
          <UnitRows key={unit.unit} unit={unit} />
        ))}
      </table>
    </div>
  );
}

function UnitRows({ unit }: { unit: Unit }): ReactNode {
  const { t } = useWords();
  return (
    <tbody>
      <tr className="office__unit">
        <th colSpan={COLUMNS.length} scope="rowgroup">
          {unit.unit === null ? t("office.unit.none") : t("office.unit", { unit: unit.unit })}
        </th>
      </tr>
      {unit.visits.map((visit) => (
        <Row key={visit.visit} visit={visit} />
      ))}
    </tbody>
  );
}

const NOT_HELD = { icon: "warn", words: "office.undecided", tone: "pill pill--needs" } as const;

function Row({ visit }: { visit: OfficeVisit }): ReactNode {
  const { t } = useWords();
  const { icon, words, tone } = visit.undecided === null ? STATES[visit.state] : NOT_HELD;
  return (
    <tr data-testid={`visit-${visit.visit}`} data-state={visit.state} data-undecided={visit.undecided}>
      <td className="nowrap">
        <b>{span(visit.starts_at, visit.ends_at)}</b>
      </td>
      <td>
        <span className="cell">{visit.cell}</span>
      </td>
      <td>{visit.prisoner}</td>
      <td>
        <Visitor visit={visit} />
      </td>
      <td>
        <span className={tone}>
          <Icon name={icon} />
          {t(words)}
        </span>
      </td>
      <td>
        <Outcome visit={visit} />
      </td>
    </tr>
  );
}

/** A privileged visit is shown by the office it is with, not by whom. */
function Visitor({ visit }: { visit: OfficeVisit }): ReactNode {
  const { t, pick } = useWords();
  if (visit.undecided !== null) return visit.office ?? pick(visit.relation);
  if (!visit.closed) return t("office.related", { visitor: visit.visitor, relation: pick(visit.relation) });
  return (
    <>
      <span className="pill pill--action">
        <Icon name="shield" />
        {t("office.closed")}
      </span>{" "}
      {visit.office ?? pick(visit.relation)}
    </>
  );
}

function Outcome({ visit }: { visit: OfficeVisit }): ReactNode {
  const { t } = useWords();
  if (visit.outcome !== null) return t(outcomeWords(visit.outcome));
  if (visit.undecided !== null) return t(UNDECIDED[visit.undecided]);
  if (!isOpen(visit)) return null;
  return (
    <span className="pill pill--needs">
      <Icon name="warn" />
      {t("office.outcome.open")}
    </span>
  );
}
