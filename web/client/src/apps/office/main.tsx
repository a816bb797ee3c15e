// The visits office's page.
import type { Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { OfficeApp } from "./OfficeApp";

void startApp(<OfficeApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,office}/*.po"));
