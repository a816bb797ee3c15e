// Put into every page of a story before its own scripts: what a person in front of it would see and hear.
(() => {
  const peers = [];
  const Original = window.RTCPeerConnection;
  if (!Original) return;
  window.RTCPeerConnection = class extends Original {
    constructor(...given) {
      super(...given);
      peers.push(this);
    }
  };

  const senses = { peers };
  window.senses = senses;

  /** Sums over every connection of the page that is not closed. */
  senses.counts = async () => {
    const sum = { framesIn: 0, framesWhole: 0, soundIn: 0, energyIn: 0, packetsIn: 0, packetsOut: 0, previewOut: 0, lost: 0, open: 0 };
    for (const peer of peers) {
      if (peer.connectionState === "closed") continue;
      sum.open += 1;
      for (const report of (await peer.getStats()).values()) {
        if (report.type === "inbound-rtp") {
          sum.packetsIn += report.packetsReceived ?? 0;
          sum.lost += report.packetsLost ?? 0;
          if (report.kind === "video") sum.framesIn += report.framesDecoded ?? 0;
          // Not framesReceived: Chromium counts one where a packet sent again completes several pictures at once.
          if (report.kind === "video") sum.framesWhole += (report.framesDecoded ?? 0) + (report.framesDropped ?? 0);
          if (report.kind === "audio") {
            sum.soundIn += report.packetsReceived ?? 0;
            sum.energyIn += report.totalAudioEnergy ?? 0;
          }
        }
        if (report.type === "outbound-rtp") sum.packetsOut += report.packetsSent ?? 0;
      }
    }
    return sum;
  };

  /** What each connection offers to send, to see that no preview is among it. */
  senses.sending = () =>
    peers
      .filter((peer) => peer.connectionState !== "closed")
      .flatMap((peer) => peer.getSenders().filter((sender) => sender.track))
      .map((sender) => sender.track.kind);

  /** Instants (ms) at which flashes begin in the picture of `video` and beeps in its sound or in `stream`. */
  senses.flashesAndBeeps = (video, milliseconds) =>
    new Promise((done) => {
      const flashes = [];
      const beeps = [];
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [16, 12];
      const paint = canvas.getContext("2d", { willReadFrequently: true });
      let lit = true;
      let stop = false;
      const look = (_now, frame) => {
        if (stop) return;
        paint.drawImage(video, 0, 0, 16, 12);
        const points = paint.getImageData(0, 0, 16, 12).data;
        let light = 0;
        for (let i = 0; i < points.length; i += 4) light += points[i + 1];
        const bright = light / (points.length / 4) > 160;
        if (bright && !lit) flashes.push(frame.presentationTime);
        lit = bright;
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);

      const tracks = [...senses.tracksFor(video)];
      const context = new AudioContext();
      const source = context.createMediaStreamSource(new MediaStream(tracks));
      const ear = context.createScriptProcessor(256, 1, 1);
      let loud = true;
      let quietSince = 0;
      ear.onaudioprocess = (event) => {
        const samples = event.inputBuffer.getChannelData(0);
        const first = samples.findIndex((sample) => Math.abs(sample) > 0.05);
        const { contextTime, performanceTime } = context.getOutputTimestamp();
        const begin = context.currentTime;
        if (first < 0) {
          quietSince += samples.length / context.sampleRate;
          if (quietSince > 0.3) loud = false;
          return;
        }
        quietSince = 0;
        if (!loud) beeps.push(performanceTime + (begin + first / context.sampleRate - contextTime) * 1000);
        loud = true;
      };
      source.connect(ear);
      ear.connect(context.destination);
      setTimeout(() => {
        stop = true;
        context.close();
        done({ flashes, beeps });
      }, milliseconds);
    });

  /**
   * The same two lists for the page's own camera and microphone, taken before any rendering: the ear above hears
   * some 60 ms late, which cancels out between two pages but not between a page and a recording.
   */
  senses.captured = async (video, milliseconds) => {
    const end = performance.now() + milliseconds;
    const found = { flashes: [], beeps: [] };
    const read = async (track, perceives, into) => {
      const own = track.clone();
      const reader = new MediaStreamTrackProcessor({ track: own }).readable.getReader();
      for (let was = true; performance.now() < end; ) {
        const { value, done } = await reader.read();
        if (done) break;
        const now = performance.now();
        const is = perceives(value, now);
        if (is !== false && !was) into.push(is);
        was = is !== false;
        value.close();
      }
      await reader.cancel();
      own.stop();
    };
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [16, 12];
    const paint = canvas.getContext("2d", { willReadFrequently: true });
    const bright = (frame, now) => {
      paint.drawImage(frame, 0, 0, 16, 12);
      const points = paint.getImageData(0, 0, 16, 12).data;
      let light = 0;
      for (let i = 0; i < points.length; i += 4) light += points[i + 1];
      return light / (points.length / 4) > 160 && now;
    };
    let heard = 0;
    const loud = (data, now) => {
      const samples = new Float32Array(data.numberOfFrames);
      data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      const first = samples.findIndex((sample) => Math.abs(sample) > 0.05);
      if (first >= 0) heard = now;
      // A sine is quiet 2000 times a second: only a third of a second of quiet ends a beep.
      if (first < 0) return now - heard < 300 && now;
      return now - ((samples.length - first) / data.sampleRate) * 1000;
    };
    const [picture] = video.srcObject.getVideoTracks();
    const [sound] = senses.tracksFor(video);
    await Promise.all([read(picture, bright, found.flashes), read(sound, loud, found.beeps)]);
    return found;
  };

  /** The live sound that belongs to a picture: in its own stream, or the one other sound of the page. */
  senses.tracksFor = (video) => {
    const own = video.srcObject?.getAudioTracks() ?? [];
    if (own.length) return own;
    const local = senses.isOwn(video);
    const found = peers
      .filter((peer) => peer.connectionState === "connected")
      .flatMap((peer) => (local ? peer.getSenders() : peer.getReceivers()))
      .map((end) => end.track)
      .filter((track) => track?.kind === "audio" && !track.muted);
    return found.slice(0, 1);
  };
  senses.isOwn = (video) => video.dataset.testid === "own-picture" || !!video.closest("[data-testid=own-picture]");
})();
