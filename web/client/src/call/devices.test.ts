import { describe, expect, test } from "vitest";
import { whenBack, type Surroundings } from "./awake";
import { loudness } from "./level";
import { deviceFault } from "./media";
import { lacking } from "./support";

const error = (name: string): Error => Object.assign(new Error(name), { name });

describe("devices", () => {
  test("each fault of the browser has its own meaning", () => {
    expect(deviceFault(error("NotAllowedError"))).toBe("blocked");
    expect(deviceFault(error("NotFoundError"))).toBe("missing");
    expect(deviceFault(error("NotReadableError"))).toBe("busy");
    expect(deviceFault(null)).toBe("busy");
  });
  test("silence is 0, a shout is 1", () => {
    expect(loudness(new Float32Array(1024))).toBe(0);
    expect(loudness(new Float32Array(1024).fill(0.9))).toBe(1);
    expect(loudness(new Float32Array(1024).fill(0.03))).toBeGreaterThan(0.3);
  });
});

describe("the browser", () => {
  test("without a secure address or without the parts of a call is told so", () => {
    expect(lacking({ isSecureContext: false } as typeof globalThis)).toBe("insecure");
    expect(lacking({ isSecureContext: true, navigator: {} } as typeof globalThis)).toBe("old");
  });

  test("is back when the network or the tab is, and has slept when its clock jumped", () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" as DocumentVisibilityState });
    const window = new EventTarget();
    let time = 0;
    const backs: boolean[] = [];
    const around = { window, document: page, now: () => time } as unknown as Surroundings;
    const stop = whenBack(around, (slept) => backs.push(slept));
    window.dispatchEvent(new Event("online"));
    page.dispatchEvent(new Event("visibilitychange"));
    time = 60_000;
    window.dispatchEvent(new Event("online"));
    stop();
    window.dispatchEvent(new Event("online"));
    expect(backs).toEqual([false, false, true]);
  });
});
