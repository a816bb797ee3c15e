// Gives every part of a page its words: the catalogue of the chosen language and the server's own texts.
import { setupI18n, type I18n, type Messages } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";
import { chooseLanguage, rememberedLanguage, rememberLanguage, type Lang } from "./language";

export interface Catalogue {
  messages: Messages;
}
/** What `import.meta.glob<Catalogue>("…/po/{room,…}/*.po")` gives: one loader a catalogue. */
export type Catalogues = Record<string, () => Promise<Catalogue>>;
/** One text in every language, as the server sends it. */
export type ServerWords = Readonly<Record<Lang, string>>;
export type Values = Record<string, string | number>;

export interface Words {
  lang: Lang;
  /** The words of a message id; a missing id shows itself, and the lint does not let one be missing. */
  t: (id: string, values?: Values) => string;
  /** A text of the server in the chosen language. */
  pick: (words: ServerWords) => string;
  speak: (lang: Lang) => void;
}

const WordsContext = createContext<Words | null>(null);

export async function loadLanguage(i18n: I18n, lang: Lang, catalogues: Catalogues): Promise<void> {
  const wanted = Object.entries(catalogues).filter(([path]) => path.endsWith(`/${lang}.po`));
  const loaded = await Promise.all(wanted.map(([, load]) => load()));
  i18n.loadAndActivate({ locale: lang, messages: Object.assign({}, ...loaded.map((c) => c.messages)) as Messages });
  document.documentElement.lang = lang;
}

export async function firstWords(catalogues: Catalogues): Promise<I18n> {
  const i18n = setupI18n();
  await loadLanguage(i18n, chooseLanguage(rememberedLanguage(), navigator.languages), catalogues);
  return i18n;
}

export function WordsProvider(props: { i18n: I18n; catalogues: Catalogues; children: ReactNode }): ReactNode {
  const { i18n, catalogues, children } = props;
  const [lang, setLang] = useState(i18n.locale as Lang);
  const speak = useCallback(
    (next: Lang) => {
      rememberLanguage(next);
      void loadLanguage(i18n, next, catalogues).then(() => setLang(next));
    },
    [i18n, catalogues],
  );
  const words = useMemo<Words>(
    () => ({ lang, speak, t: (id, values) => i18n._(id, values), pick: (texts) => texts[lang] }),
    [i18n, lang, speak],
  );
  return (
    <I18nProvider i18n={i18n}>
      <WordsContext value={words}>{children}</WordsContext>
    </I18nProvider>
  );
}

export function useWords(): Words {
  const words = use(WordsContext);
  if (words === null) throw new Error("useWords outside a WordsProvider");
  return words;
}
