// The page "what happens to this call".
import type { Catalogue } from "../../i18n/words";
import { startApp } from "../../start";
import { PoliciesApp } from "./PoliciesApp";

void startApp(<PoliciesApp />, import.meta.glob<Catalogue>("../../i18n/po/{ui,call,policies}/*.po"));
