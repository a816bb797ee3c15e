# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, binding=False
"""Whole tap batches in, clusters out, natively: no Python object for a packet or a frame.

feed.py, clusters.py, depacketize.py and reorder.py say in Python what this file does, and mux.cluster() what a cluster
looks like; a test feeds both the same packets and compares everything that comes out. Change them together.

Memory rules
------------
* One NativeFeed owns everything: an array of CTrack, and inside each the packets that wait, the picture that is being put
  together and the cluster that is being filled. They are freed with it, and nothing outside ever points into them.
* Everything runs under the GIL in the thread that calls; a feed is used by one thread.
* A batch is read only while `feed()` runs. What must outlive the call is copied: a packet that waits for an earlier one,
  the pieces of a picture, the frames of a cluster. A packet in order goes straight from the batch into those.
* Memory that cannot be had is MemoryError; the feed is then done with (its part is abandoned), but not damaged: a
  size is written only after its bytes are there.

Bounds
------
* A record is at most 65,535 bytes by its own field, and lies within its batch or the batch ends there.
* LARGEST_WAITING packets wait per track, and one more for a moment; MOST_PIECES and MOST_BYTES of a picture;
  LARGEST_CLUSTER bytes of frames (and MOST_BYTES more than that never, since a cluster ends before what does not fit).
* Arrivals and the origin are within 2^60 ns of 0, RTP clocks 1 kHz to 1 MHz (whoever makes a track sees to it), so no difference of
  two of them overflows; products of them are made in 128 bits.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memmove, memset

from recording.made import Begun, Cluster, Counts, Gap, Report
from recording.sealing import INIT, KEYFRAME, Meta

cdef extern from *:
    """
    /* floor(a * b / c) for c > 0, as Python divides */
    static inline int64_t scaled(int64_t a, int64_t b, int64_t c) {
        __int128 product = (__int128)a * b;
        __int128 found = product / c;
        if (product % c < 0) found -= 1;
        return (int64_t)found;
    }
    """
    int64_t scaled(int64_t, int64_t, int64_t) nogil

cdef enum:
    HEADER = 16  # of a record
    RTP = 1
    SENDER_REPORT = 2
    REPORT_SIZE = 12
    MS = 1000000
    LONGEST_JUMP = 3000
    LARGEST_WAITING = 2048
    WINDOW_NS = 400 * MS
    SETTLE_NS = 100 * MS
    MOST_PIECES = 4096
    MOST_BYTES = 8 << 20
    LONGEST_MS = 1000
    LONGEST_NS = 1000 * MS
    SHORTEST_NS = 250 * MS
    LARGEST_CLUSTER = 16 << 20
    MOST_EARLY = 16
    USUAL_STEP_US = 33333
    LONGEST_STEP_US = 200000
    CLUSTER_HEADER = 22
    NUMBERS = 256
    FIRST_ROOM = 1 << 14
    KEPT_ROOM = 1 << 20  # what is larger was somebody's oddity and is given back

cdef int64_t SILENCE_NS = 2000 * <int64_t>MS
cdef int64_t JUMP_NS = 10000 * <int64_t>MS
cdef int64_t HALF = (<int64_t>1) << 31  # of the 32-bit timestamps
cdef int64_t SECOND = 1000000000
cdef int64_t MOST_NS = (<int64_t>1) << 60
cdef uint8_t[CLUSTER_HEADER] NO_HEADER  # filled in at the end

cdef struct CRoom:
    uint8_t *data
    size_t size
    size_t room

cdef struct CWaiting:  # a packet whose turn has not come
    int64_t sequence  # extended
    int64_t arrival
    uint32_t timestamp
    bint marker
    uint32_t size
    uint8_t *payload

cdef struct CEarly:
    int64_t arrival
    uint64_t ntp
    uint32_t timestamp

cdef struct CStart:  # relay/vp8.py's Vp8Start
    bint start
    bint keyframe
    int width
    int height
    int picture_id
    int bits
    uint32_t size

cdef struct CTrack:
    int number
    bint video
    int64_t rate
    int64_t packets
    int64_t late
    int64_t refused
    # reorder.py
    bint begun
    bint expecting
    int64_t expected
    int64_t base
    int64_t last_arrival
    CWaiting *waiting  # in order of arrival
    int n_waiting
    int room_waiting
    # depacketize.RtpClock
    bint ticking
    int64_t last
    int64_t shift
    int64_t anchor
    int64_t anchor_ns
    int64_t jumps
    # depacketize.Vp8
    CRoom picture
    int pieces
    bint building
    int64_t built_arrival
    uint32_t built_timestamp
    CStart built
    bint whole
    bint holed
    int last_id
    int last_bits  # 0: no picture id
    int64_t lost
    bint losing
    int64_t lost_ns
    # depacketize.Opus
    bint heard
    int64_t heard_ns
    # clusters.py
    bint filed  # Begun was told
    int64_t file_rtp
    int64_t file_us
    int width
    int height
    int64_t step_us
    CRoom cluster
    int64_t frames_size
    int64_t blocks
    bint open
    bint key_first
    int64_t first_rtp
    int64_t first_ns
    int64_t oldest_ns
    int64_t newest_ns
    int64_t last_rtp
    int64_t last_duration
    CEarly early[MOST_EARLY]
    int n_early

# --- bytes ----------------------------------------------------------------------------------------------------------

cdef inline uint32_t big16(const uint8_t *at) noexcept nogil:
    return (<uint32_t>at[0] << 8) | at[1]

cdef inline uint32_t big32(const uint8_t *at) noexcept nogil:
    return (big16(at) << 16) | big16(at + 2)

cdef inline uint64_t little(const uint8_t *at, int size) noexcept nogil:
    cdef uint64_t value = 0
    cdef int i
    for i in range(size):
        value |= <uint64_t>at[i] << (8 * i)
    return value

cdef int put(CRoom *room, const void *data, size_t size) except -1:
    """Appends; grows by doubling."""
    cdef size_t wanted = room.size + size
    cdef size_t larger
    cdef void *moved
    if wanted > room.room:
        larger = room.room if room.room else FIRST_ROOM
        while larger < wanted:
            larger *= 2
        moved = realloc(room.data, larger)
        if moved == NULL:
            raise MemoryError
        room.data = <uint8_t *>moved
        room.room = larger
    if size:
        memcpy(room.data + room.size, data, size)
    room.size = wanted
    return 0

cdef void give_back(CRoom *room) noexcept nogil:
    if room.room > KEPT_ROOM:
        free(room.data)
        memset(room, 0, sizeof(CRoom))

cdef int opus_duration(const uint8_t *payload, uint32_t size) noexcept nogil:
    """RFC 6716 section 3.1; the payload is not empty."""
    cdef int config = payload[0] >> 3
    cdef int code = payload[0] & 3
    cdef int length
    if config < 12:
        length = 480 if config & 3 == 0 else 960 * (config & 3)
    elif config < 16:
        length = 480 << (config & 1)
    else:
        length = 120 << (config & 3)
    if code == 3:
        return min(length * (payload[1] & 0x3F), 5760) if size > 1 else 0
    return length if code == 0 else 2 * length

cdef int read_start(const uint8_t *payload, uint32_t size, CStart *start) noexcept nogil:
    """relay/vp8.py's vp8_payload() of a payload that is not empty; 0 where that raises."""
    cdef uint8_t first = payload[0]
    cdef uint8_t extended
    cdef uint32_t at = 1
    memset(start, 0, sizeof(CStart))
    if first & 0x80:
        if size < 2:
            return 0
        extended = payload[1]
        at = 2
        if extended & 0x80:
            if size < 3:
                return 0
            start.picture_id, start.bits = payload[2], 7
            if payload[2] & 0x80:
                if size < 4:
                    return 0
                start.picture_id, start.bits = (<int>(payload[2] & 0x7F) << 8) | payload[3], 15
            at += 2 if start.bits == 15 else 1
        if extended & 0x40:
            if at >= size:
                return 0
            at += 1
        if extended & 0x30:
            at += 1
    if at >= size:
        return 0
    start.start = first & 0x17 == 0x10
    start.keyframe = start.start and not payload[at] & 1
    start.size = at
    if start.keyframe:
        if at + 10 > size or payload[at + 3] != 0x9D or payload[at + 4] != 0x01 or payload[at + 5] != 0x2A:
            return 0
        start.width = payload[at + 6] | (<int>(payload[at + 7] & 0x3F) << 8)
        start.height = payload[at + 8] | (<int>(payload[at + 9] & 0x3F) << 8)
    return 1

# --- timestamps (depacketize.RtpClock) ------------------------------------------------------------------------------

cdef int64_t near(CTrack *track, uint32_t timestamp) noexcept nogil:
    cdef int64_t last = track.last if track.ticking else 0
    cdef uint32_t ahead = <uint32_t>(<uint64_t>timestamp - <uint64_t>last + <uint64_t>HALF)
    return last + <int64_t>ahead - HALF + track.shift

cdef int64_t extend(CTrack *track, uint32_t timestamp, int64_t arrival) noexcept nogil:
    cdef int64_t extended, early
    if not track.ticking:
        track.ticking = True
        track.last = track.anchor = timestamp
        track.anchor_ns = arrival
        return timestamp
    extended = near(track, timestamp)
    track.last = extended - track.shift
    early = scaled(extended - track.anchor, SECOND, track.rate) - (arrival - track.anchor_ns)
    if -JUMP_NS < early < JUMP_NS:
        return extended
    track.jumps += 1
    track.shift -= scaled(early, track.rate, SECOND)
    return track.last + track.shift


cdef class NativeFeed:
    """See `made.Feed`."""

    cdef CTrack **tracks
    cdef int n_tracks
    cdef int room_tracks
    cdef CTrack *routes[NUMBERS]
    cdef int64_t origin
    cdef int64_t refused_records
    cdef list made

    def __cinit__(self, int64_t origin_ns):
        self.tracks = NULL
        if not -MOST_NS < origin_ns < MOST_NS:
            raise ValueError("not an origin")
        self.origin = origin_ns
        self.made = []

    def __dealloc__(self):
        cdef CTrack *track
        cdef int i, j
        for i in range(self.n_tracks):
            track = self.tracks[i]
            for j in range(track.n_waiting):
                free(track.waiting[j].payload)
            free(track.waiting)
            free(track.picture.data)
            free(track.cluster.data)
            free(track)
        free(self.tracks)

    @property
    def refused(self):
        return self.refused_records

    def track(self, int number, str kind, int64_t rate):
        cdef CTrack *track
        cdef void *moved
        if not 0 <= number < NUMBERS or not 1000 <= rate <= 1000000:
            raise ValueError("not a track")
        if self.n_tracks == self.room_tracks:
            moved = realloc(self.tracks, (self.room_tracks + 8) * sizeof(CTrack *))
            if moved == NULL:
                raise MemoryError
            self.tracks = <CTrack **>moved
            self.room_tracks += 8
        track = <CTrack *>calloc(1, sizeof(CTrack))
        if track == NULL:
            raise MemoryError
        track.number = self.n_tracks + 1
        track.video = kind == "video"
        track.rate = rate
        track.step_us = USUAL_STEP_US
        self.tracks[self.n_tracks] = track
        self.n_tracks += 1
        self.routes[number] = track
        return track.number

    def forget(self, int number):
        if 0 <= number < NUMBERS:
            self.routes[number] = NULL

    def feed(self, bytes batch not None):
        cdef const uint8_t *at = <const uint8_t *>PyBytes_AS_STRING(batch)
        cdef Py_ssize_t left = PyBytes_GET_SIZE(batch)
        cdef Py_ssize_t size
        while left:
            size = at[0] | (<int>at[1] << 8) if left >= HEADER else 0
            if size < HEADER or size > left:
                self.refused_records += 1
                return
            self.record(at[2], at[3], <int64_t>little(at + 8, 8), at + HEADER, <uint32_t>(size - HEADER))
            at += size
            left -= size

    def tick(self, int64_t now_ns):
        cdef int i
        for i in range(self.n_tracks):
            if self.tracks[i].n_waiting:
                self.tick_one(self.tracks[i], now_ns)

    def cut(self):
        cdef int i
        for i in range(self.n_tracks):
            self.cut_one(self.tracks[i])

    def end(self, int64_t now_ns):
        cdef int i
        for i in range(self.n_tracks):
            self.flush(self.tracks[i])
            self.end_loss(self.tracks[i], now_ns)
            self.cut_one(self.tracks[i])

    def take(self):
        made, self.made = self.made, []
        return made

    def oldest_ns(self):
        cdef int64_t oldest = MOST_NS
        cdef int i
        for i in range(self.n_tracks):
            if self.tracks[i].open and self.tracks[i].oldest_ns < oldest:
                oldest = self.tracks[i].oldest_ns
        return None if oldest == MOST_NS else oldest

    def wanting(self):
        cdef int i
        wanted = []
        for i in range(NUMBERS):
            if self.routes[i] != NULL and self.routes[i].video and self.routes[i].packets and not self.routes[i].whole:
                wanted.append(i)
        return wanted

    def counts(self, int track):
        if not 1 <= track <= self.n_tracks:
            raise IndexError("no such track")
        cdef CTrack *found = self.tracks[track - 1]
        return Counts(found.packets, found.late, found.refused, found.jumps)

    # --- records (feed.py, relay/rtp.py's parse_rtp) ---

    cdef int record(
        self, int kind, int number, int64_t arrival, const uint8_t *data, uint32_t size
    ) except -1:
        cdef CTrack *track = self.routes[number]
        if track == NULL or not -MOST_NS < arrival < MOST_NS:
            self.refused_records += 1
        elif kind == RTP:
            self.packet(track, arrival, data, size)
        elif kind == SENDER_REPORT and size == REPORT_SIZE:
            self.report(track, arrival, little(data, 8), <uint32_t>little(data + 8, 4))
        else:
            self.refused_records += 1
        return 0

    cdef int packet(self, CTrack *track, int64_t arrival, const uint8_t *data, uint32_t size) except -1:
        cdef uint32_t start, padding = 0
        track.packets += 1
        if size < 12 or data[0] >> 6 != 2:
            track.refused += 1
            return 0
        start = 12 + 4 * <uint32_t>(data[0] & 0x0F)
        if data[0] & 0x10:
            if size < start + 4:
                track.refused += 1
                return 0
            start += 4 + 4 * big16(data + start + 2)
        if start > size:
            track.refused += 1
            return 0
        if data[0] & 0x20:
            padding = data[size - 1]
            if not 1 <= padding <= size - start:
                track.refused += 1
                return 0
        self.push(
            track, <int>big16(data + 2), arrival, big32(data + 4), data[1] > 0x7F, data + start, size - start - padding
        )
        return 0

    cdef int report(self, CTrack *track, int64_t arrival, uint64_t ntp, uint32_t timestamp) except -1:
        if track.filed:
            self.made.append(Report(track.number, ntp, near(track, timestamp), self.us(arrival)))
            return 0
        if track.n_early == MOST_EARLY:
            memmove(&track.early[0], &track.early[1], (MOST_EARLY - 1) * sizeof(CEarly))
            track.n_early -= 1
        track.early[track.n_early].arrival = arrival
        track.early[track.n_early].ntp = ntp
        track.early[track.n_early].timestamp = timestamp
        track.n_early += 1
        return 0

    # --- order (reorder.py) ---

    cdef int push(
        self, CTrack *track, int sequence, int64_t arrival, uint32_t timestamp, bint marker,
        const uint8_t *payload, uint32_t size
    ) except -1:
        cdef int ahead
        if track.begun and arrival - track.last_arrival > SILENCE_NS:
            self.restart(track, arrival)
        track.last_arrival = arrival
        if not track.expecting:
            return self.settle(track, sequence, arrival, timestamp, marker, payload, size)
        ahead = (sequence - track.expected) & 0xFFFF
        if ahead == 0:
            self.deliver(track, arrival, timestamp, marker, payload, size)
            track.expected += 1
            if track.n_waiting:
                self.drain(track)
                self.tick_one(track, arrival)
        elif ahead >= 0x8000:
            if 0x10000 - ahead <= LONGEST_JUMP:
                track.late += 1
                return 0
            self.restart(track, arrival)
            self.settle(track, sequence, arrival, timestamp, marker, payload, size)
        elif ahead > LONGEST_JUMP:
            self.restart(track, arrival)
            self.settle(track, sequence, arrival, timestamp, marker, payload, size)
        else:
            if not self.keep(track, track.expected + ahead, arrival, timestamp, marker, payload, size):
                return 0
            if track.n_waiting > LARGEST_WAITING:
                self.skip(track)
            self.tick_one(track, arrival)
        return 0

    cdef int keep(
        self, CTrack *track, int64_t sequence, int64_t arrival, uint32_t timestamp, bint marker,
        const uint8_t *payload, uint32_t size
    ) except -1:
        """Lets a packet wait; 0 where it does already."""
        cdef CWaiting *one
        cdef uint8_t *copy
        cdef void *moved
        if find(track, sequence) >= 0:
            track.late += 1
            return 0
        if track.n_waiting == track.room_waiting:
            moved = realloc(track.waiting, (2 * track.room_waiting + 8) * sizeof(CWaiting))
            if moved == NULL:
                raise MemoryError
            track.waiting = <CWaiting *>moved
            track.room_waiting = 2 * track.room_waiting + 8
        copy = <uint8_t *>malloc(size if size else 1)
        if copy == NULL:
            raise MemoryError
        memcpy(copy, payload, size)
        one = &track.waiting[track.n_waiting]
        one.sequence, one.arrival, one.timestamp, one.marker = sequence, arrival, timestamp, marker
        one.size, one.payload = size, copy
        track.n_waiting += 1
        return 1

    cdef int settle(
        self, CTrack *track, int sequence, int64_t arrival, uint32_t timestamp, bint marker,
        const uint8_t *payload, uint32_t size
    ) except -1:
        cdef int distance
        if not track.n_waiting:
            track.base = sequence
            track.begun = True
        distance = ((sequence - track.base + 0x8000) & 0xFFFF) - 0x8000
        self.keep(track, track.base + distance, arrival, timestamp, marker, payload, size)
        if arrival - track.waiting[0].arrival >= SETTLE_NS or track.n_waiting > LARGEST_WAITING:
            self.begin(track)
            self.tick_one(track, arrival)
        return 0

    cdef int begin(self, CTrack *track) except -1:
        track.expected = track.waiting[lowest(track)].sequence
        track.expecting = True
        self.drain(track)
        return 0

    cdef int restart(self, CTrack *track, int64_t arrival) except -1:
        self.flush(track)
        track.expecting = False
        self.hole(track, 0, arrival)
        return 0

    cdef int flush(self, CTrack *track) except -1:
        if not track.expecting and track.n_waiting:
            self.begin(track)
        while track.n_waiting:
            self.skip(track)
        return 0

    cdef int tick_one(self, CTrack *track, int64_t now) except -1:
        if not track.expecting and track.n_waiting and now - track.waiting[0].arrival >= SETTLE_NS:
            self.begin(track)
        while track.n_waiting and now - track.waiting[0].arrival >= WINDOW_NS:
            self.skip(track)
        return 0

    cdef int drain(self, CTrack *track) except -1:
        cdef CWaiting one
        cdef int i = find(track, track.expected)
        while i >= 0:
            one = track.waiting[i]
            track.n_waiting -= 1
            memmove(&track.waiting[i], &track.waiting[i + 1], (track.n_waiting - i) * sizeof(CWaiting))
            try:
                self.deliver(track, one.arrival, one.timestamp, one.marker, one.payload, one.size)
            finally:
                free(one.payload)
            track.expected += 1
            i = find(track, track.expected)
        return 0

    cdef int skip(self, CTrack *track) except -1:
        cdef CWaiting *found = &track.waiting[lowest(track)]
        cdef int64_t sequence = found.sequence
        if sequence > track.expected:
            self.hole(track, sequence - track.expected, found.arrival)
        track.expected = sequence
        self.drain(track)
        return 0

    # --- frames (depacketize.py) ---

    cdef int deliver(
        self, CTrack *track, int64_t arrival, uint32_t timestamp, bint marker, const uint8_t *payload, uint32_t size
    ) except -1:
        cdef CStart start
        if not size:
            return 0
        if not track.video:
            return self.sound(track, arrival, timestamp, payload, size)
        if not read_start(payload, size, &start):
            track.refused += 1
            self.hole(track, 1, arrival)
            return 0
        if track.building and track.built_timestamp != timestamp:
            self.finish(track)
        if not track.building:
            if start.start:
                self.begin_picture(track, arrival, timestamp, &start)
            else:
                interrupt(track, arrival)
        if track.building:
            put(&track.picture, payload + start.size, size - start.size)
            track.pieces += 1
            if track.pieces > MOST_PIECES or track.picture.size > MOST_BYTES:
                self.hole(track, 0, arrival)
            elif marker:
                self.finish(track)
        return 0

    cdef int hole(self, CTrack *track, int64_t packets, int64_t arrival) except -1:
        if not track.video:
            if packets and track.heard:
                self.gap(track, track.heard_ns, arrival, packets)
            return 0
        track.lost += packets
        track.holed = True
        if track.building:
            track.building = False
            interrupt(track, arrival)
        return 0

    cdef int begin_picture(self, CTrack *track, int64_t arrival, uint32_t timestamp, CStart *start) except -1:
        if start.keyframe:
            track.whole = True
            self.end_loss(track, arrival)
        elif track.holed:
            if (
                start.bits and track.last_bits == start.bits
                and start.picture_id == (track.last_id + 1) & ((1 << start.bits) - 1)
            ):
                track.lost = 0  # only probes without payload were lost
            else:
                interrupt(track, arrival)
        track.holed = False
        track.building = True
        track.built_arrival, track.built_timestamp, track.built = arrival, timestamp, start[0]
        track.picture.size = 0
        track.pieces = 0
        return 0

    cdef int end_loss(self, CTrack *track, int64_t arrival) except -1:
        if track.losing:
            self.gap(track, track.lost_ns, arrival, track.lost)
            track.losing = False
            track.lost = 0
        return 0

    cdef int finish(self, CTrack *track) except -1:
        cdef int64_t rtp
        cdef CStart *start = &track.built
        track.building = False
        track.last_id, track.last_bits = start.picture_id, start.bits
        rtp = extend(track, track.built_timestamp, track.built_arrival)
        if track.whole:
            self.frame(
                track, rtp, track.built_arrival, track.picture.data, <uint32_t>track.picture.size, start.keyframe,
                start.width, start.height, 0
            )
        give_back(&track.picture)  # not before: the frame was read from it
        return 0

    cdef int sound(
        self, CTrack *track, int64_t arrival, uint32_t timestamp, const uint8_t *payload, uint32_t size
    ) except -1:
        cdef int64_t rtp = extend(track, timestamp, arrival)
        self.frame(track, rtp, arrival, payload, size, True, 0, 0, opus_duration(payload, size))
        track.heard = True
        track.heard_ns = arrival
        return 0

    cdef int gap(self, CTrack *track, int64_t begin, int64_t end, int64_t packets) except -1:
        self.made.append(Gap(track.number, self.us(begin), self.us(end), packets))
        return 0

    # --- clusters (clusters.py, mux.cluster()) ---

    cdef int64_t us(self, int64_t at) noexcept:
        return scaled(at - self.origin, 1, 1000)

    cdef int frame(
        self, CTrack *track, int64_t rtp, int64_t arrival, const uint8_t *data, uint32_t size, bint keyframe,
        int width, int height, int64_t duration
    ) except -1:
        if track.open and full(track, rtp, arrival, size, keyframe, width, height, duration):
            self.cut_one(track)
        if width:
            track.width, track.height = width, height
        if not track.open:
            if not track.filed:
                self.begin_file(track, rtp, arrival)
            track.cluster.size = 0
            put(&track.cluster, NO_HEADER, CLUSTER_HEADER)
            track.open, track.key_first = True, keyframe
            track.first_rtp = track.last_rtp = rtp
            track.first_ns = track.oldest_ns = track.newest_ns = arrival
            track.frames_size = track.blocks = 0
        elif rtp > track.last_rtp:
            track.step_us = min(scaled(rtp - track.last_rtp, 1000000, track.rate), <int64_t>LONGEST_STEP_US)
        put_block(track, max(milliseconds(track, rtp - track.first_rtp), <int64_t>0), keyframe, data, size)
        track.blocks += 1
        track.frames_size += size
        track.last_rtp = max(track.last_rtp, rtp)
        track.last_duration = duration
        track.oldest_ns = min(track.oldest_ns, arrival)
        track.newest_ns = max(track.newest_ns, arrival)
        return 0

    cdef int begin_file(self, CTrack *track, int64_t rtp, int64_t arrival) except -1:
        cdef int64_t at = self.us(arrival)
        cdef int i
        track.filed = True
        track.file_rtp, track.file_us = rtp, at
        self.made.append(Begun(track.number, Meta(INIT, 0, rtp, at, at, 0, track.width, track.height)))
        for i in range(track.n_early):
            self.report(track, track.early[i].arrival, track.early[i].ntp, track.early[i].timestamp)
        track.n_early = 0
        return 0

    cdef int cut_one(self, CTrack *track) except -1:
        cdef uint8_t *at = track.cluster.data
        cdef int64_t timecode, last
        cdef uint64_t body
        cdef int i
        if not track.open:
            return 0
        track.open = False
        timecode = track.file_us + scaled(track.first_rtp - track.file_rtp, 1000000, track.rate)
        timecode = max(scaled(timecode, 1, 1000), <int64_t>0)
        last = track.step_us if track.video else scaled(track.last_duration, 1000000, track.rate)
        body = (track.cluster.size - CLUSTER_HEADER + 10) | (<uint64_t>1 << 56)
        at[0], at[1], at[2], at[3], at[12], at[13] = 0x1F, 0x43, 0xB6, 0x75, 0xE7, 0x88
        for i in range(8):
            at[4 + i] = <uint8_t>(body >> (56 - 8 * i))
            at[14 + i] = <uint8_t>(<uint64_t>timecode >> (56 - 8 * i))
        meta = Meta(
            KEYFRAME if track.key_first else 0, min(track.blocks, <int64_t>65535), track.first_rtp,
            self.us(track.first_ns), self.us(track.newest_ns),
            scaled(track.last_rtp - track.first_rtp, 1000000, track.rate) + last, track.width, track.height,
        )
        data = PyBytes_FromStringAndSize(<char *>at, track.cluster.size)
        self.made.append(Cluster(track.number, meta, data))
        give_back(&track.cluster)
        return 0


cdef int find(CTrack *track, int64_t sequence) noexcept nogil:
    cdef int i
    for i in range(track.n_waiting):
        if track.waiting[i].sequence == sequence:
            return i
    return -1

cdef int lowest(CTrack *track) noexcept nogil:
    """Place of the lowest sequence that waits; something does."""
    cdef int i, found = 0
    for i in range(1, track.n_waiting):
        if track.waiting[i].sequence < track.waiting[found].sequence:
            found = i
    return found

cdef void interrupt(CTrack *track, int64_t arrival) noexcept nogil:
    """depacketize.py's _break()."""
    if track.whole:
        track.losing = True
        track.lost_ns = arrival
    track.whole = False

cdef int64_t milliseconds(CTrack *track, int64_t ticks) noexcept nogil:
    return scaled(ticks * 1000 + track.rate // 2, 1, track.rate)

cdef bint full(
    CTrack *track, int64_t rtp, int64_t arrival, uint32_t size, bint keyframe, int width, int height, int64_t duration
) noexcept nogil:
    cdef int64_t age = arrival - track.oldest_ns
    if milliseconds(track, rtp - track.first_rtp + duration) > LONGEST_MS:
        return True
    if age >= LONGEST_NS or track.frames_size + size > LARGEST_CLUSTER:
        return True
    if track.video and keyframe:
        return age >= SHORTEST_NS or width != track.width or height != track.height
    return False

cdef int put_block(CTrack *track, int64_t relative, bint keyframe, const uint8_t *data, uint32_t size) except -1:
    """A SimpleBlock: its size in as few bytes as it needs, track number 1."""
    cdef uint8_t head[13]
    cdef uint64_t body = <uint64_t>size + 4
    cdef int length = 1, i
    while body >= (<uint64_t>1 << (7 * length)) - 1:
        length += 1
    body |= <uint64_t>1 << (7 * length)
    head[0] = 0xA3
    for i in range(length):
        head[1 + i] = <uint8_t>(body >> (8 * (length - 1 - i)))
    head[1 + length] = 0x81
    head[2 + length] = <uint8_t>(relative >> 8)
    head[3 + length] = <uint8_t>relative
    head[4 + length] = 0x80 if keyframe else 0
    put(&track.cluster, head, 5 + length)
    put(&track.cluster, data, size)
    return 0
