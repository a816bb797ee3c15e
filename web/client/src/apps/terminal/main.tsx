// The cell terminal's page.
import type { Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { TerminalApp } from "./TerminalApp";

void startApp(<TerminalApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,terminal}/*.po"));
