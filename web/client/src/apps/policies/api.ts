// Asks the server what each policy pack makes of a call.
import { ask, client } from "../../api/api";
import type { components } from "../../api/api.gen";

type Schemas = components["schemas"];
export type PackHead = Schemas["PackHead"];
export type PackList = Schemas["PackList"];
export type WhatHappens = Schemas["WhatHappens"];
export type Kind = Schemas["KindView"];
export type Rule = Schemas["RuleView"];
export type Booking = Schemas["BookingView"];
export type Appeal = Schemas["AppealView"];

export const policyPacks = () => ask(client.GET("/api/policies"));
export const policyPack = (pack: string) => ask(client.GET("/api/policies/{pack}", { params: { path: { pack } } }));
