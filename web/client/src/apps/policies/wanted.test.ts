import { expect, test } from "vitest";
import type { PackHead, PackList } from "./api";
import { wantedPack } from "./wanted";

const words = { fi: "x", sv: "x", en: "x" };
const head = (pack: string, in_use: boolean): PackHead => ({
  pack,
  version: "1",
  jurisdiction: words,
  valid_from: "2025-01-01",
  valid_until: null,
  reviewed: false,
  in_use,
});
const list = (packs: PackHead[], unreadable: string[] = []): PackList => ({ packs, unreadable });

test("the pack in the address is shown, if there is such a one", () => {
  const packs = list([head("finland", true), head("scotland", false)]);
  expect(wantedPack(packs, "scotland")).toBe("scotland");
  expect(wantedPack(packs, "atlantis")).toBe("finland");
  expect(wantedPack(packs, null)).toBe("finland");
});

test("another country's rules are never shown for a house whose own cannot be read", () => {
  expect(wantedPack(list([head("scotland", false)], ["finland"]), null)).toBeNull();
  expect(wantedPack(list([head("scotland", false)], ["finland"]), "scotland")).toBe("scotland");
  expect(wantedPack(list([head("finland", true)], ["atlantis"]), null)).toBe("finland");
});

test("a house without prisons shows the first pack, and one without packs none", () => {
  expect(wantedPack(list([head("finland", false)]), null)).toBe("finland");
  expect(wantedPack(list([]), null)).toBeNull();
});
