// One Socket.IO connection, websocket only; reconnecting is the link's business.
import { io } from "socket.io-client";
import { NAMESPACE, NEWS_EVENTS, SOCKET_PATH, type Hello } from "./protocol.gen";

export interface WireEvents {
  news: (event: string, payload: unknown) => void;
  down: () => void;
}

export interface Wire {
  /** Rejects when no answer comes in time or the connection ends first. */
  request: (event: string, payload: unknown) => Promise<unknown>;
  close: () => void;
}

/** Rejects with WireRefused when the server says no, with another Error when it was not reached. */
export type OpenWire = (hello: Hello, events: WireEvents) => Promise<Wire>;

export class WireRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const OPEN_MS = 5_000;
const ANSWER_MS = 8_000;

export const openSocket: OpenWire = (hello, events) =>
  new Promise((resolve, reject) => {
    const socket = io(NAMESPACE, {
      path: SOCKET_PATH,
      transports: ["websocket"],
      auth: hello,
      reconnection: false,
      forceNew: true,
      timeout: OPEN_MS,
    });
    for (const event of NEWS_EVENTS) socket.on(event, (payload: unknown) => events.news(event, payload));
    socket.on("connect_error", (error: Error & { data?: unknown }) => {
      socket.close();
      const code = refusalCode(error.data);
      reject(code === null ? error : new WireRefused(code));
    });
    socket.on("connect", () =>
      resolve({
        request: (event, payload) => socket.timeout(ANSWER_MS).emitWithAck(event, payload) as Promise<unknown>,
        close: () => {
          socket.off("disconnect");
          socket.close();
        },
      }),
    );
    socket.on("disconnect", () => {
      socket.close();
      events.down();
    });
  });

/** The server's refusal of a connection: `{code, …}` or `{error: {code, …}}`. */
export function refusalCode(data: unknown): string | null {
  if (typeof data !== "object" || data === null) return null;
  const { code, error } = data as { code?: unknown; error?: unknown };
  if (typeof code === "string") return code;
  return error === undefined ? null : refusalCode(error);
}
