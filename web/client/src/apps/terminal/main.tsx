// The terminal's page.
import type { ReactNode } from "react";
import { useWords, type Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { AppBar } from "../../ui/AppBar";
import { Loading } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";

function TerminalApp(): ReactNode {
  const { t } = useWords();
  useTitle(t("terminal.name"));
  return (
    <>
      <AppBar name={t("terminal.name")} />
      <Loading />
    </>
  );
}

void startApp(<TerminalApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,terminal}/*.po"));
