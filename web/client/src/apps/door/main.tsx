// The front page: what this server is, and in a demo one click into each app.
import { useEffect, useState, type ReactNode } from "react";
import { getDemo, type DemoLink } from "../../api/api";
import { useWords, type Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { AppBar } from "../../ui/AppBar";
import { Card } from "../../ui/Card";
import { Icon, type IconName } from "../../ui/Icon";
import { useTitle } from "../../ui/useTitle";
import "./door.css";

const SIGNS: Record<DemoLink["app"], IconName> = { visitor: "user", terminal: "ring", officer: "eye", office: "calendar" };

function Door(): ReactNode {
  const { t } = useWords();
  const [links, setLinks] = useState<readonly DemoLink[]>([]);
  useTitle(t("door.title"));
  useEffect(() => {
    // A server that is no demo has no such address: then there is nothing to show.
    void getDemo().then((answer) => answer.ok && setLinks(answer.value.links));
  }, []);
  return (
    <>
      <AppBar name={t("door.title")} />
      <main id="main" className="door">
        <h1>{t("door.title")}</h1>
        <p>{t("door.lead")}</p>
        <p>{t("door.visitor")}</p>
        <p>
          <a href="/what-happens">{t("door.policies")}</a>
        </p>
        {links.length > 0 && <DemoLinks links={links} />}
      </main>
    </>
  );
}

function DemoLinks({ links }: { links: readonly DemoLink[] }): ReactNode {
  const { t, pick } = useWords();
  return (
    <Card roomy aria-labelledby="demo">
      <h2 id="demo">{t("door.demo")}</h2>
      <p className="quiet small">{t("door.demo.hint")}</p>
      <ul className="door__links">
        {links.map((link) => (
          <li key={link.href}>
            <a className="tile" href={link.href} target={`visitation-${link.app}`} rel="opener">
              <Icon name={SIGNS[link.app]} />
              <b>{pick(link.label)}</b>
              <Icon name="right" />
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

void startApp(<Door />, import.meta.glob<Catalogue>("../../i18n/po/{ui,door}/*.po"));
