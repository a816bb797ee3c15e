// The visitor's page.
import type { ReactNode } from "react";
import { useWords, type Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { AppBar } from "../../ui/AppBar";
import { Loading } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";

function VisitorApp(): ReactNode {
  const { t } = useWords();
  useTitle(t("visitor.name"));
  return (
    <>
      <AppBar name={t("visitor.name")} />
      <Loading />
    </>
  );
}

void startApp(<VisitorApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,visitor}/*.po"));
