// Starts an app: its look, its words, then its first screen.
import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./ui/ui.css";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { firstWords, WordsProvider, type Catalogues } from "./i18n/words";

export async function startApp(app: ReactNode, catalogues: Catalogues): Promise<void> {
  const place = document.getElementById("root");
  if (place === null) throw new Error("the page has no #root");
  const i18n = await firstWords(catalogues);
  createRoot(place).render(
    <WordsProvider i18n={i18n} catalogues={catalogues}>
      {app}
    </WordsProvider>,
  );
}
