// Mends the joints of WebM clusters, so that MediaSource does not take a late frame for a lost one.
//
// A frame that comes later than twice the one before it lasted is a discontinuity to MediaSource, and it then drops
// everything up to the next keyframe (Media Source Extensions, coded frame processing, step 6). A camera on a weak
// line is often late; saying in the last block how long it lasts keeps such pictures. Layout: recording/mux.py.

const CLUSTER = 0x1f43b675;
const TIMECODE_AT = 14;
const FIRST_BLOCK = 22;
const SIMPLE_BLOCK = 0xa3;
const KEYFRAME = 0x80;

interface Block {
  /** Where the element begins, where its body begins, where it ends. */
  at: number;
  body: number;
  end: number;
  /** ms after the cluster's timecode. */
  relative: number;
  keyframe: boolean;
}

export interface Times {
  first: number;
  last: number;
}

/** The recording's ms of a cluster's first and last block; null when these are not bytes of ours. */
export function timesOf(data: ArrayBuffer): Times | null {
  const blocks = blocksOf(data);
  const [first, last] = [blocks?.[0], blocks?.at(-1)];
  if (first === undefined || last === undefined) return null;
  const timecode = timecodeOf(data);
  return { first: timecode + first.relative, last: timecode + last.relative };
}

/** The cluster moved so that its first block comes after `last` ms, if it does not already. */
export function after(data: ArrayBuffer, last: number): ArrayBuffer {
  const times = timesOf(data);
  if (times === null || times.first > last) return data;
  const moved = data.slice(0);
  new DataView(moved).setBigUint64(TIMECODE_AT, BigInt(timecodeOf(data) + last + 1 - times.first));
  return moved;
}

/** The cluster with its last block lasting until `next` ms, when the next cluster begins. */
export function lastingUntil(data: ArrayBuffer, next: number): ArrayBuffer {
  const block = blocksOf(data)?.at(-1);
  const lasts = block === undefined ? 0 : next - timecodeOf(data) - block.relative;
  if (block === undefined || lasts <= 0 || lasts > 0xffff) return data;
  const frame = new Uint8Array(data, block.body, block.end - block.body).slice();
  frame[3] = 0; // a Block says by its references whether it is a keyframe, not by this flag
  const group = [
    ...element(0xa1, frame),
    ...element(0x9b, Uint8Array.of(lasts >> 8, lasts & 0xff)),
    ...(block.keyframe ? [] : element(0xfb, Uint8Array.of(0xff))),
  ];
  const body = joinedBytes(group);
  const whole = joinedBytes([new Uint8Array(data, 0, block.at), ...element(0xa0, body)]);
  new DataView(whole.buffer).setBigUint64(4, (1n << 56n) | BigInt(whole.length - 12));
  return whole.buffer;
}

const timecodeOf = (data: ArrayBuffer): number => Number(new DataView(data).getBigUint64(TIMECODE_AT));

function blocksOf(data: ArrayBuffer): Block[] | null {
  const view = new DataView(data);
  if (data.byteLength <= FIRST_BLOCK || view.getUint32(0) !== CLUSTER || view.getUint16(12) !== 0xe788) return null;
  const blocks: Block[] = [];
  for (let at = FIRST_BLOCK; at < data.byteLength; ) {
    const size = view.getUint8(at) === SIMPLE_BLOCK ? sizeAt(view, at + 1) : null;
    if (size === null || size.body + 4 > data.byteLength || size.body + size.value > data.byteLength) return null;
    const relative = view.getInt16(size.body + 1);
    const keyframe = (view.getUint8(size.body + 3) & KEYFRAME) !== 0;
    blocks.push({ at, body: size.body, end: size.body + size.value, relative, keyframe });
    at = size.body + size.value;
  }
  return blocks;
}

/** An element's size (RFC 8794 section 4). */
function sizeAt(view: DataView, at: number): { value: number; body: number } | null {
  if (at >= view.byteLength) return null;
  const length = Math.clz32(view.getUint8(at)) - 23;
  if (length > 4 || at + length > view.byteLength) return null;
  let value = view.getUint8(at) & ((1 << (8 - length)) - 1);
  for (let i = 1; i < length; i++) value = value * 256 + view.getUint8(at + i);
  return { value, body: at + length };
}

/** Sizes are always written in four bytes; that is allowed, and no block is larger. */
function element(id: number, body: Uint8Array): Uint8Array[] {
  const head = new Uint8Array(5);
  head[0] = id;
  new DataView(head.buffer).setUint32(1, (1 << 28) | body.length);
  return [head, body];
}

function joinedBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
