// The officer's page.
import type { ReactNode } from "react";
import { useWords, type Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { AppBar } from "../../ui/AppBar";
import { Loading } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";

function OfficerApp(): ReactNode {
  const { t } = useWords();
  useTitle(t("officer.name"));
  return (
    <>
      <AppBar name={t("officer.name")} />
      <Loading />
    </>
  );
}

void startApp(<OfficerApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,officer}/*.po"));
