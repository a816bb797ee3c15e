// The relative's page.
import type { Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { VisitorApp } from "./VisitorApp";

void startApp(<VisitorApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,visitor}/*.po"));
