// Tells whether this browser can hold a call at all.
export type Lack = "insecure" | "old" | null;

/** "insecure": an address without TLS, where browsers give no camera. */
export function lacking(scope: typeof globalThis): Lack {
  if (scope.isSecureContext === false) return "insecure";
  const media = scope.navigator?.mediaDevices as MediaDevices | undefined;
  const able =
    typeof scope.RTCPeerConnection === "function" &&
    "replaceTrack" in scope.RTCRtpSender.prototype &&
    "getTransceivers" in scope.RTCPeerConnection.prototype &&
    typeof scope.WebSocket === "function" &&
    "toSorted" in Array.prototype &&
    typeof scope.HTMLDialogElement === "function" &&
    typeof media?.getUserMedia === "function";
  return able ? null : "old";
}
