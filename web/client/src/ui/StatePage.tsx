// A whole page that says one thing: what happened, why, and the way on.
import type { ReactNode } from "react";
import { useWords } from "../i18n/words";
import { toFirstWords } from "./focus";
import { Icon, type IconName } from "./Icon";

interface StatePageProps {
  icon: IconName;
  tone?: "plain" | "needs" | "well";
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Small print, to read out on the telephone. */
  code?: string | undefined;
  phase?: string;
}

export function StatePage({ icon, tone = "plain", title, children, actions, code, phase }: StatePageProps): ReactNode {
  const { t } = useWords();
  return (
    <main id="main" className={`statepage statepage--${tone}`} data-testid={phase && "phase"} data-phase={phase}>
      <span className="statepage__sign">
        <Icon name={icon} size="xl" />
      </span>
      <h1 key={title} ref={toFirstWords} tabIndex={-1}>
        {title}
      </h1>
      <div className="statepage__text">{children}</div>
      {actions && <div className="btns">{actions}</div>}
      {code && <p className="small quiet">{t("ui.code", { code })}</p>}
    </main>
  );
}

/** While something is fetched; says so in words, and nothing spins. */
export function Loading(): ReactNode {
  const { t } = useWords();
  return (
    <main id="main" className="statepage" data-testid="phase" data-phase="loading">
      <span className="statepage__sign">
        <Icon name="clock" size="xl" />
      </span>
      <h1>
        <span role="status">{t("ui.loading")}</span>
      </h1>
    </main>
  );
}
