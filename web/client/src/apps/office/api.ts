// Asks the server for the office's day.
import { ask, client } from "../../api/api";
import type { components } from "../../api/api.gen";

export type OfficeDay = components["schemas"]["OfficeDay"];
export type OfficeVisit = components["schemas"]["OfficeVisit"];

export const officeSignIn = (code: string) => ask(client.POST("/api/office/session", { body: { code } }));
export const officeSignOut = () => ask(client.DELETE("/api/office/session"));
export const officeMe = () => ask(client.GET("/api/office/me"));
/** `date`: YYYY-MM-DD; null is today in the prison. */
export const officeDay = (date: string | null) =>
  ask(client.GET("/api/office/day", { params: { query: date === null ? {} : { date } } }));
