import { beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../api/api";
import { Link } from "./link";
import { FakeServer, ManualTimers, settle } from "./testing/doubles";
import { backOff } from "./timers";
import { refusalCode, WireRefused } from "./wire";

let server: FakeServer;
let timers: ManualTimers;
let tickets: number;
let answer: () => Answer<{ ticket: string }>;
let link: Link;

beforeEach(() => {
  server = new FakeServer();
  timers = new ManualTimers();
  tickets = 0;
  answer = () => ({ ok: true, value: { ticket: `ticket-${++tickets}` } });
  link = new Link({ ticket: async () => answer(), open: server.open, timers, tab: "tab1" });
});

describe("the link", () => {
  test("brings a ticket, the protocol's version and the tab", async () => {
    link.start();
    await settle();
    expect(server.hellos).toEqual([{ ticket: "ticket-1", version: 1, tab: "tab1" }]);
    expect(link.status.get().at).toBe("up");
  });

  test("comes back with a fresh ticket after the connection broke", async () => {
    link.start();
    await settle();
    server.breakConnection();
    expect(link.status.get().at).toBe("down");
    timers.pass(3_000);
    await settle();
    expect(server.hellos).toHaveLength(2);
    expect(server.hellos[1]).toMatchObject({ ticket: "ticket-2", tab: "tab1" });
    expect(link.status.get().at).toBe("up");
  });

  test("goes on trying while the server is away, and at once when the browser is back", async () => {
    server.reachable = false;
    link.start();
    await settle();
    for (let i = 0; i < 5; i++) {
      timers.pass(3_000);
      await settle();
    }
    expect(server.hellos).toHaveLength(6);
    server.reachable = true;
    link.wake();
    await settle();
    expect(link.status.get().at).toBe("up");
  });

  test("does not come back by itself after a goodbye", async () => {
    link.start();
    await settle();
    server.news("goodbye", { code: "elsewhere" });
    server.breakConnection();
    timers.pass(60_000);
    await settle();
    expect(link.status.get()).toEqual({ at: "over", why: "elsewhere" });
    expect(server.hellos).toHaveLength(1);
  });

  test("stops when nobody is signed in, and tries on when the server only has no room", async () => {
    answer = () => ({ ok: false, code: "unavailable" });
    link.start();
    await settle();
    expect(link.status.get().at).toBe("down");
    answer = () => ({ ok: false, code: "not_signed_in" });
    timers.pass(3_000);
    await settle();
    expect(link.status.get()).toEqual({ at: "over", why: "not_signed_in" });
  });

  test("an old connection's last words change nothing", async () => {
    const heard: string[] = [];
    link.listen((event) => heard.push(event));
    link.start();
    await settle();
    const before = server.news.bind(server);
    link.stop();
    before("agenda", {});
    expect(heard).toEqual([]);
  });

  test("a request without a connection is refused, not left hanging", async () => {
    expect(await link.request("join", {})).toEqual({ ok: false, error: { code: "unavailable", params: {} } });
  });
});

describe("patience", () => {
  test("grows, is jittered, and never passes its cap", () => {
    expect(backOff(0, () => 0)).toBe(125);
    expect(backOff(0, () => 1)).toBe(250);
    expect(backOff(30, () => 1)).toBe(2_500);
    expect(backOff(1_000, () => 1)).toBe(10_000);
  });
});

describe("a refused connection", () => {
  test("gives its code, whichever way it is wrapped", () => {
    expect(refusalCode({ code: "ticket_refused" })).toBe("ticket_refused");
    expect(refusalCode({ error: { code: "elsewhere" } })).toBe("elsewhere");
    expect(refusalCode("websocket error")).toBeNull();
    expect(new WireRefused("draining").code).toBe("draining");
  });
});
