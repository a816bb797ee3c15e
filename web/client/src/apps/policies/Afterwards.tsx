// What a person can do when the prison has decided something about their visits.
import type { ReactNode } from "react";
import { useWords } from "../../i18n/words";
import { Card } from "../../ui/Card";
import type { Appeal } from "./api";

const DECISIONS: Readonly<Record<Appeal["decisions"][number], string>> = {
  reject: "policies.decision.reject",
  cancel: "policies.decision.cancel",
  end: "policies.decision.end",
  ban: "policies.decision.ban",
  restrict: "policies.decision.restrict",
  listen: "policies.decision.listen",
};

export function Afterwards({ appeals, months }: { appeals: readonly Appeal[]; months: number }): ReactNode {
  const { t } = useWords();
  return (
    <Card roomy className="policies__text" aria-labelledby="afterwards">
      <h2 id="afterwards">{t("policies.afterwards")}</h2>
      <p>{t("policies.afterwards.text")}</p>
      {appeals.map((appeal) => (
        <Route key={appeal.decisions.join()} appeal={appeal} whole={appeals.length === 1} />
      ))}
      <p>{t("policies.ban", { months })}</p>
    </Card>
  );
}

/** `whole`: every decision goes the same way, so they need no list of their own. */
function Route({ appeal, whole }: { appeal: Appeal; whole: boolean }): ReactNode {
  const { t, pick } = useWords();
  return (
    <div className="stack--s">
      {!whole && (
        <ul className="bullets">
          {appeal.decisions.map((decision) => (
            <li key={decision}>{t(DECISIONS[decision])}</li>
          ))}
        </ul>
      )}
      <p>
        <b>{pick(appeal.to)}</b>
      </p>
      <p>{pick(appeal.how)}</p>
      <p>{appeal.days === null ? t("policies.appeal.no_deadline") : t("policies.appeal.days", { days: appeal.days })}</p>
    </div>
  );
}
