import { describe, expect, test } from "vitest";
import { after, lastingUntil, timesOf } from "./webm";

/** As recording/mux.py writes it: a cluster at `timecode` with a block of `size` bytes at each relative time. */
function cluster(timecode: number, blocks: readonly { at: number; key?: boolean; size?: number }[]): ArrayBuffer {
  const bodies = blocks.flatMap(({ at, key = false, size = 3 }) => [
    0xa3,
    ...(size + 4 < 127 ? [0x80 | (size + 4)] : [0x40 | ((size + 4) >> 8), (size + 4) & 0xff]),
    0x81,
    (at >> 8) & 0xff,
    at & 0xff,
    key ? 0x80 : 0,
    ...Array.from({ length: size }, () => 7),
  ]);
  const bytes = new Uint8Array(22 + bodies.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x1f43b675);
  view.setBigUint64(4, (1n << 56n) | BigInt(10 + bodies.length));
  view.setUint16(12, 0xe788);
  view.setBigUint64(14, BigInt(timecode));
  bytes.set(bodies, 22);
  return bytes.buffer;
}

describe("the joints of clusters", () => {
  const bytes = cluster(61_189, [{ at: 0, key: true, size: 300 }, { at: 150 }]);
  test("times are the recording's", () => {
    expect(timesOf(bytes)).toEqual({ first: 61_189, last: 61_339 });
  });
  test("a cluster that begins before the last frame's time is moved behind it", () => {
    expect(timesOf(after(bytes, 61_200))).toEqual({ first: 61_201, last: 61_351 });
    expect(after(bytes, 61_000)).toBe(bytes);
  });
  test("the last frame lasts until the next cluster, in a group that says it is no keyframe", () => {
    const mended = new Uint8Array(lastingUntil(bytes, 61_784));
    const group = [0xa0, 0x10, 0, 0, 25, 0xa1, 0x10, 0, 0, 7, 0x81, 0, 150, 0, 7, 7, 7];
    const rest = [0x9b, 0x10, 0, 0, 2, 0x01, 0xbd, 0xfb, 0x10, 0, 0, 1, 0xff];
    expect(Array.from(mended.slice(-30))).toEqual([...group, ...rest]);
    expect(new DataView(mended.buffer).getBigUint64(4)).toBe((1n << 56n) | BigInt(mended.length - 12));
  });
  test("a last frame that is a keyframe stays one", () => {
    const mended = new Uint8Array(lastingUntil(cluster(0, [{ at: 0, key: true }]), 445));
    expect(Array.from(mended.slice(-7))).toEqual([0x9b, 0x10, 0, 0, 2, 0x01, 0xbd]);
  });
  test("bytes that are not a cluster of ours are left as they are", () => {
    const other = new Uint8Array(40).buffer;
    expect(timesOf(other)).toBeNull();
    expect(after(other, 5)).toBe(other);
    expect(lastingUntil(other, 5)).toBe(other);
    expect(lastingUntil(bytes.slice(0, 30), 5).byteLength).toBe(30);
  });
});
