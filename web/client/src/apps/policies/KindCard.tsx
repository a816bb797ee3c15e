// One kind of visit: what happens to its call, first in one line, then why.
import type { ReactNode } from "react";
import { useWords } from "../../i18n/words";
import { Card } from "../../ui/Card";
import { ConditionsLine } from "../../ui/ConditionsLine";
import { Icon, type IconName } from "../../ui/Icon";
import type { Kind, Rule } from "./api";

export function KindCard({ kind }: { kind: Kind }): ReactNode {
  const { t, pick } = useWords();
  return (
    <Card id={kind.kind} className="kind" aria-labelledby={`${kind.kind}-name`} data-testid={`kind-${kind.kind}`}>
      <h3 id={`${kind.kind}-name`}>{pick(kind.name)}</h3>
      <p className="quiet">{pick(kind.about)}</p>
      <Line rule={kind.ordinary} />
      <Facts kind={kind} />
      <Why rule={kind.ordinary} />
      {kind.decided && (
        <div className="kind__decided">
          <p>{t("policies.decided")}</p>
          <Line rule={kind.decided} />
          <Why rule={kind.decided} />
        </div>
      )}
    </Card>
  );
}

function Line({ rule }: { rule: Rule }): ReactNode {
  const banner = rule.notices[0];
  return banner && <ConditionsLine notice={banner.words} closed={rule.closed} recorded={rule.recorded} />;
}

function Facts({ kind }: { kind: Kind }): ReactNode {
  const { t } = useWords();
  return (
    <ul className="kind__facts">
      <Fact icon="clock">{t("policies.minutes", { minutes: kind.ordinary.minutes })}</Fact>
      {kind.verified && <Fact icon="check-c">{t("policies.verified")}</Fact>}
      {kind.both_prisons && <Fact icon="users">{t("policies.both_prisons")}</Fact>}
      <Fact icon="calendar">{t(kind.approval === "automatic" ? "policies.approval.automatic" : "policies.approval.office")}</Fact>
    </ul>
  );
}

function Fact({ icon, children }: { icon: IconName; children: ReactNode }): ReactNode {
  return (
    <li className="ilabel small">
      <Icon name={icon} />
      {children}
    </li>
  );
}

const BASES: Readonly<Record<Rule["basis"], string>> = {
  law: "policies.basis.law",
  guidance: "policies.basis.guidance",
  policy: "policies.basis.policy",
};

/** Folded, so that the whole list can be read in a minute. */
function Why({ rule }: { rule: Rule }): ReactNode {
  const { t, pick } = useWords();
  const [banner, ...others] = rule.notices;
  return (
    <details className="kind__why">
      <summary>
        <Icon name="down" />
        <span>{t("policies.why")}</span>
      </summary>
      <div className="stack--s">
        {banner && <p>{pick(banner.why)}</p>}
        {others.map((notice) => (
          <p key={notice.code}>{pick(notice.words)}</p>
        ))}
        <p className="quiet small">
          <b>{t(BASES[rule.basis])}</b> {pick(rule.legal_basis)}
        </p>
      </div>
    </details>
  );
}
