// When and where a recorded call was.
import type { ReactNode } from "react";
import { capital, clock, day } from "../../../i18n/times";
import { useWords } from "../../../i18n/words";
import type { RecordingRow } from "./api";

export function When({ row }: { row: RecordingRow }): ReactNode {
  const { t, lang } = useWords();
  const values = { day: capital(day(row.begun_at, lang), lang), from: clock(row.begun_at), cell: row.cell };
  return (
    <p className="quiet">
      {row.ended_at === null
        ? t("review.when.going", values)
        : t("review.when", { ...values, to: clock(row.ended_at) })}
    </p>
  );
}
