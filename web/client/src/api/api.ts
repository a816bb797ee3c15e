// Asks the server over HTTP; an answer is a value or a refusal with its code, never an exception.
import createClient from "openapi-fetch";
import type { RefusalCode } from "../call/protocol.gen";
import type { components, paths } from "./api.gen";

type Schemas = components["schemas"];
export type DemoLink = Schemas["DemoLink"];
export type VisitView = Schemas["VisitView"];
export type TerminalDay = Schemas["TerminalDay"];
export type TerminalVisit = Schemas["TerminalVisit"];
export type Notice = Schemas["Notice"];
export type PolicyView = Schemas["PolicyView"];

/** "offline": the server was not reached at all. */
export type Fault = RefusalCode | "offline";
export type Answer<T> = { ok: true; value: T } | { ok: false; code: Fault };

export const client = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });
// The server answers in the page's language, which need not be the browser's.
client.use({ onRequest: ({ request }) => request.headers.set("Accept-Language", document.documentElement.lang) });

interface Reply<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** Wraps a call of `client`; a refusal without a body of ours (a proxy's page) is "unavailable". */
export async function ask<T>(request: Promise<Reply<T>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await request;
    if (response.ok) return { ok: true, value: data as T };
    const code = (error as { code?: unknown } | undefined)?.code;
    return { ok: false, code: typeof code === "string" ? (code as RefusalCode) : "unavailable" };
  } catch {
    return { ok: false, code: "offline" };
  }
}

export const getDemo = () => ask(client.GET("/api/demo"));

export const visitorSignIn = (link: string) => ask(client.POST("/api/visitor/session", { body: { link } }));
export const visitorVisit = () => ask(client.GET("/api/visitor/visit"));
export const visitorTicket = () => ask(client.POST("/api/visitor/ticket"));

export const terminalSignIn = (code: string) => ask(client.POST("/api/terminal/session", { body: { code } }));
export const terminalDay = () => ask(client.GET("/api/terminal/day"));
export const terminalTicket = () => ask(client.POST("/api/terminal/ticket"));

export type Me = Schemas["Me"];
export const officerSignIn = (code: string) => ask(client.POST("/api/officer/session", { body: { code } }));
export const officerSignOut = () => ask(client.DELETE("/api/officer/session"));
export const officerMe = () => ask(client.GET("/api/officer/me"));
export const officerTicket = () => ask(client.POST("/api/officer/ticket"));
