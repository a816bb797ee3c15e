// The officer's page.
import type { Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { OfficerApp } from "./OfficerApp";

void startApp(<OfficerApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,officer,review}/*.po"));
