// The bar every app wears: its name, and the other languages each in its own words.
import type { ReactNode } from "react";
import { LANGUAGES, type Lang } from "../i18n/language";
import { useWords } from "../i18n/words";
import { KeyCap } from "./Button";
import { Icon } from "./Icon";
import { useKeys } from "./useKeys";

interface AppBarProps {
  name: string;
  /** Where the name leads; without it the name is only a name. */
  href?: string;
  /** Tabs and what else stands between the name and the end. */
  children?: ReactNode;
  /** What stands after the languages. */
  end?: ReactNode;
}

export function AppBar({ name, href, children, end }: AppBarProps): ReactNode {
  const { t } = useWords();
  const label = (
    <>
      <Icon name="mark" />
      {name}
    </>
  );
  return (
    <>
      <a className="skip" href="#main">
        {t("ui.skip")}
      </a>
      <header className="appbar">
        {href === undefined ? (
          <span className="appbar__name">{label}</span>
        ) : (
          <a className="appbar__name" href={href}>
            {label}
          </a>
        )}
        {children}
        <div className="appbar__end">
          <LanguageSwitch />
          {end}
        </div>
      </header>
    </>
  );
}

const INVITATION: Record<Lang, string> = { fi: "ui.language.fi", sv: "ui.language.sv", en: "ui.language.en" };

const NO_KEYS: readonly string[] = [];

/** `keys`: on a screen without a pointer, the key of each. Each language invites in its own words, so that nobody must read another's to find it. */
export function LanguageSwitch({ keys = NO_KEYS }: { keys?: readonly string[] }): ReactNode {
  const { t, lang, speak } = useWords();
  const others = LANGUAGES.filter((other) => other !== lang);
  useKeys(Object.fromEntries(keys.map((key, at) => [key, () => others[at] && speak(others[at])])), keys.length > 0);
  return (
    <nav className="languages" aria-label={t("ui.language")}>
      {others.map((other, at) => (
        <button key={other} type="button" className="link" lang={other} onClick={() => speak(other)}>
          {t(INVITATION[other])}
          {keys[at] && <KeyCap>{keys[at]}</KeyCap>}
        </button>
      ))}
    </nav>
  );
}
