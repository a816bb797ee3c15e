// The visits office's page.
import type { ReactNode } from "react";
import { useWords, type Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { AppBar } from "../../ui/AppBar";
import { Loading } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";

function OfficeApp(): ReactNode {
  const { t } = useWords();
  useTitle(t("office.name"));
  return (
    <>
      <AppBar name={t("office.name")} />
      <Loading />
    </>
  );
}

void startApp(<OfficeApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,office}/*.po"));
