# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, binding=False
"""The load clients' media: clips sent by timer, what comes in counted and timed, in one thread without the GIL.

Memory rules
------------
* A `CClient` struct belongs to its Python object `Client`; the thread finds it through `CLoad.clients` alone, from
  begin() to end(). end() takes it out under the mutex, so when it has returned the thread will not touch it again, and
  the SRTP sessions (kept by the object) may die. Events of the timer name a client by place and generation.
* `COut.reel` points into a `Reel`, `CIn.source` to another client's `COut`. Reels are kept by their Load for ever; a
  client that ends is taken out of every other client's sources first.
* THE ONE MUTEX (`Load.load.mutex`) guards everything the thread reads; it holds it for a turn (timers due and one
  recvmmsg per ready socket) and never while it waits. The thread never takes the GIL. Python takes the mutex for
  reading figures and for begin and end, and allocates no Python object while it holds it.
* What is not media (STUN, DTLS) goes up in one bounded buffer; what does not fit is counted in `unread`.

Bounds: MAX_* below, each checked where it is filled. Times of sending and arriving are CLOCK_REALTIME, since the kernel
stamps arrivals with that: what a client's own core was late in reading is not counted as the server's. Timers run on
CLOCK_MONOTONIC.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.errno cimport EAGAIN, EINTR, errno
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcmp, memcpy, memmove, memset

cimport cython

import random
import threading

cdef extern from *:
    """
    #ifndef _GNU_SOURCE
    #define _GNU_SOURCE
    #endif
    #include <arpa/inet.h>
    #include <errno.h>
    #include <netinet/in.h>
    #include <pthread.h>
    #include <stdint.h>
    #include <string.h>
    #include <sys/epoll.h>
    #include <sys/eventfd.h>
    #include <sys/socket.h>
    #include <sys/syscall.h>
    #include <time.h>
    #include <unistd.h>
    #ifndef SYS_epoll_pwait2
    #define SYS_epoll_pwait2 441
    #endif

    typedef int (*load_srtp)(void *, void *, int *);
    #define LOAD_CALL(f, s, d, n) ((load_srtp)(f))((void *)(s), (d), (n))

    static inline int64_t load_clock(int which) {
        struct timespec t;
        clock_gettime(which, &t);
        return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    }
    static int load_wait(int epoll, struct epoll_event *events, int most, int64_t ns) {
        static int plain;  // a kernel without epoll_pwait2 waits in whole milliseconds
        if (ns < 0) ns = 0;
        if (!plain) {
            struct timespec t = {ns / 1000000000, ns % 1000000000};
            int n = (int)syscall(SYS_epoll_pwait2, epoll, events, most, &t, NULL, (size_t)8);
            if (n >= 0 || errno != ENOSYS) return n;
            plain = 1;
        }
        return epoll_wait(epoll, events, most, (int)((ns + 999999) / 1000000));
    }
    static int load_watch(int epoll, int fd, uint64_t name) {
        struct epoll_event e = {.events = EPOLLIN};
        e.data.u64 = name;
        return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
    }
    static int load_unwatch(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }
    static int load_stamped(int fd) {
        int on = 1;
        return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    }
    static inline int64_t load_stamp(struct msghdr *m, int64_t otherwise) {
        for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
                struct timespec t;
                memcpy(&t, CMSG_DATA(c), sizeof t);
                return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
            }
        return otherwise;
    }
    static int load_address(struct sockaddr_in *a, const char *host, int port) {
        memset(a, 0, sizeof *a);
        a->sin_family = AF_INET;
        a->sin_port = htons((uint16_t)port);
        return inet_pton(AF_INET, host, &a->sin_addr) == 1;
    }
    static inline uint64_t load_event_name(struct epoll_event *e) { return e->data.u64; }
    static inline uint32_t load_ntp_seconds(int64_t ns) { return (uint32_t)(ns / 1000000000 + 2208988800ll); }
    static inline uint32_t load_ntp_rest(int64_t ns) {
        return (uint32_t)(((uint64_t)(ns % 1000000000) << 32) / 1000000000);
    }
    static inline int load_bucket(int64_t us) {
        if (us < 0) us = 0;
        if (us > 0xFFFFFFFFll) us = 0xFFFFFFFFll;
        if (us < 128) return (int)us;
        int shift = 63 - __builtin_clzll((uint64_t)us) - 6;
        return shift * 64 + (int)(us >> shift);
    }
    """
    ctypedef struct pthread_mutex_t:
        pass
    ctypedef struct sockaddr_in "struct sockaddr_in":
        pass
    ctypedef struct iovec "struct iovec":
        void *iov_base
        size_t iov_len
    ctypedef struct msghdr "struct msghdr":
        void *msg_name
        uint32_t msg_namelen
        iovec *msg_iov
        size_t msg_iovlen
        void *msg_control
        size_t msg_controllen
        int msg_flags
    ctypedef struct mmsghdr "struct mmsghdr":
        msghdr msg_hdr
        unsigned int msg_len
    ctypedef struct epoll_event "struct epoll_event":
        pass
    int CLOCK_MONOTONIC, CLOCK_REALTIME, MSG_DONTWAIT, EFD_NONBLOCK, EFD_CLOEXEC, EPOLL_CLOEXEC
    int recvmmsg(int, mmsghdr *, unsigned int, int, void *) nogil
    int sendmmsg(int, mmsghdr *, unsigned int, int) nogil
    int pthread_mutex_init(pthread_mutex_t *, void *) nogil
    int pthread_mutex_lock(pthread_mutex_t *) nogil
    int pthread_mutex_unlock(pthread_mutex_t *) nogil
    int pthread_mutex_destroy(pthread_mutex_t *) nogil
    int eventfd(unsigned int, int) nogil
    int epoll_create1(int) nogil
    ssize_t c_write "write"(int, const void *, size_t) nogil
    ssize_t c_read "read"(int, void *, size_t) nogil
    int c_close "close"(int) nogil
    int64_t load_clock(int) nogil
    int load_wait(int, epoll_event *, int, int64_t) nogil
    int load_watch(int, int, uint64_t) nogil
    int load_unwatch(int, int) nogil
    int load_stamped(int) nogil
    int64_t load_stamp(msghdr *, int64_t) nogil
    int load_address(sockaddr_in *, const char *, int) nogil
    uint64_t load_event_name(epoll_event *) nogil
    int load_bucket(int64_t) nogil
    uint32_t load_ntp_seconds(int64_t) nogil
    uint32_t load_ntp_rest(int64_t) nogil
    int LOAD_CALL(uintptr_t, uintptr_t, void *, int *) nogil

cdef enum:
    MAX_CLIENTS = 4096
    MAX_OUTS = 3
    MAX_INS = 64
    MAX_MISSING = 512
    MAX_UP = 1 << 16  # bytes of STUN and DTLS that Python has not read
    MAX_LOG = 1 << 16  # (timestamp, time) of frames, where asked for
    BATCH = 32  # datagrams of one recvmmsg, packets of one sendmmsg
    BUFFER = 2048
    MAX_DATAGRAM = 1500
    HISTORY = 512  # packets of a stream that can be sent again
    ARRIVALS = 1024  # transport-wide sequence numbers remembered for feedback
    STAMP = 64  # bytes of control data for the kernel's time stamp
    SHORTEST = 16  # bytes of a clip's packet
    GROUPS = 4
    BUCKETS = 1792
    EVENTS = 64

cdef enum:
    MS = 1_000_000
    FEEDBACK_NS = 100 * MS
    REPORT_NS = 1000 * MS
    SWEEP_NS = 10 * MS
    FIRST_NACK_NS = 10 * MS
    NEXT_NACK_NS = 50 * MS
    GIVE_UP_NS = 1000 * MS
    RESTART_NS = 300 * MS  # an encoder makes no second key frame sooner
    PLI_NS = 500 * MS

cdef enum Due:
    PLAY
    FEEDBACK
    REPORT

cdef struct CReel:
    bint picture
    int units
    int packets
    int rate
    int ticks  # of the RTP clock per unit
    int64_t period  # ns per unit
    int *first  # of each unit, and one more
    int *unit  # of each packet
    int *offset
    int *size
    uint8_t *bytes
    int mask
    int *table  # hash of the payload -> packet + 1

cdef struct CKept:
    int packet
    uint32_t timestamp
    uint16_t sequence
    uint16_t picture
    bint used

cdef struct CStamp:
    uint32_t timestamp
    int64_t at

cdef struct CLog:
    CStamp *stamps  # NULL: not asked for
    int count

cdef struct COut:
    CReel *reel
    uint32_t ssrc
    uint32_t rtx_ssrc
    uint8_t payload_type
    uint8_t rtx_type  # 0: none
    uint16_t sequence
    uint16_t rtx_sequence
    uint16_t picture
    uint32_t timestamp
    int jitter
    int unit
    int64_t restarted
    int64_t last_at
    int64_t packets
    int64_t octets
    int64_t frames
    int64_t key_frames
    int64_t plis
    int64_t nacked
    int64_t again
    int64_t window_packets
    int64_t window_frames
    int64_t *sent_at
    CKept kept[HISTORY]
    CLog log

cdef struct CMissing:
    int64_t sequence
    int64_t since
    int64_t due

cdef struct CIn:
    uint32_t ssrc
    uint32_t rtx_ssrc
    int rate
    bint picture
    int group
    COut *source
    int64_t highest  # -1: nothing yet
    int64_t first
    int64_t packets
    int64_t octets
    int64_t frames
    int64_t key_frames
    int64_t unknown
    int64_t recovered
    int64_t lost
    int64_t repeated
    int64_t nacks
    int64_t plis
    int64_t window_packets
    int64_t window_frames
    int64_t reported_expected
    int64_t reported_packets
    uint32_t report_middle
    int64_t report_at
    int64_t pli_at
    int64_t last_frame_at
    int n_missing
    CMissing missing[MAX_MISSING]
    CLog log

cdef struct CClient:
    int place
    uint32_t generation
    int fd
    uintptr_t rx
    uintptr_t tx
    sockaddr_in server
    uint8_t wide_out  # first byte of the transport-wide element; 0: not negotiated
    uint8_t wide_in
    bint compound  # without reduced size (RFC 5506) feedback follows a receiver report
    uint16_t wide_sequence
    int64_t wide_next  # first sequence number of the next feedback; -1: nothing yet
    int64_t wide_highest
    uint8_t wide_count
    int64_t wide_at[ARRIVALS]
    int n_outs
    int n_ins
    COut outs[MAX_OUTS]
    CIn *ins
    int64_t unreadable
    int64_t unsent
    int64_t strangers
    int64_t malformed

cdef struct CDue:
    int64_t at
    int place
    uint32_t generation
    int kind
    int index

cdef struct CUp:
    int place
    uint32_t generation
    int size

cdef struct CLoad:
    pthread_mutex_t mutex
    bint stop
    int epoll
    int event
    uintptr_t protect
    uintptr_t unprotect
    uintptr_t protect_control
    uintptr_t unprotect_control
    CClient *clients[MAX_CLIENTS]
    int n_places
    uint32_t generations
    CDue *heap
    int n_heap
    int heap_room
    int64_t swept
    bint tell  # write to the event at each sweep: somebody waits for a figure
    uint64_t dice
    int64_t window_from  # CLOCK_REALTIME; what was sent before does not count
    int64_t window_to
    int64_t histogram[GROUPS][2][BUCKETS]
    int64_t worst[GROUPS][2]
    int64_t datagrams_in
    int64_t datagrams_out
    int64_t receives
    int64_t sends
    int64_t unread
    int64_t late_ns  # the latest a timer ever ran
    int up_used
    uint8_t up[MAX_UP]
    uint8_t into[BATCH][BUFFER]
    uint8_t stamps[BATCH][STAMP]
    iovec into_parts[BATCH]
    mmsghdr into_headers[BATCH]
    uint8_t out[BATCH][BUFFER]
    iovec out_parts[BATCH]
    mmsghdr out_headers[BATCH]
    int n_out
    uint8_t control[BUFFER]
    epoll_event events[EVENTS]


# --- bytes

cdef inline void put16(uint8_t *at, uint32_t value) noexcept nogil:
    at[0] = <uint8_t>(value >> 8)
    at[1] = <uint8_t>value

cdef inline void put32(uint8_t *at, uint32_t value) noexcept nogil:
    put16(at, value >> 16)
    put16(at + 2, value)

cdef inline uint32_t get16(const uint8_t *at) noexcept nogil:
    return <uint32_t>at[0] << 8 | at[1]

cdef inline uint32_t get32(const uint8_t *at) noexcept nogil:
    return get16(at) << 16 | get16(at + 2)

cdef inline uint32_t payload_hash(const uint8_t *payload, int size) noexcept nogil:
    """Of a payload of at least SHORTEST bytes: its size, its beginning, its middle and its end."""
    cdef uint64_t a, b, c
    memcpy(&a, payload, 8)
    memcpy(&b, payload + size // 2 - 4, 8)
    memcpy(&c, payload + size - 8, 8)
    a = (a ^ <uint64_t>size) * <uint64_t>0xD6E8FEB86659FD93
    a = (a ^ a >> 32 ^ b) * <uint64_t>0x9E3779B97F4A7C15
    a = (a ^ a >> 32 ^ c) * <uint64_t>0xD6E8FEB86659FD93
    return <uint32_t>(a >> 32)

cdef int find_packet(const CReel *reel, const uint8_t *payload, int size) noexcept nogil:
    """Which packet of the clip this is; -1 where it is none."""
    cdef uint32_t slot
    cdef int packet, skip = 0
    if reel.picture:
        skip = descriptor(payload, size)
        payload += skip
        size -= skip
    if size < SHORTEST:
        return -1
    slot = payload_hash(payload, size) & reel.mask
    while reel.table[slot]:
        packet = reel.table[slot] - 1
        if reel.size[packet] == size and memcmp(reel.bytes + reel.offset[packet], payload, size) == 0:
            return packet
        slot = (slot + 1) & reel.mask
    return -1

cdef inline int descriptor(const uint8_t *payload, int size) noexcept nogil:
    """The length of a VP8 payload descriptor (RFC 7741 section 4.2)."""
    cdef int length = 1
    if size < 4 or not payload[0] & 0x80:
        return length
    length = 2
    if payload[1] & 0x80:
        length += 2 if payload[2] & 0x80 else 1
    if payload[1] & 0x40:
        length += 1
    if payload[1] & 0x30:
        length += 1
    return length

cdef inline uint64_t roll(CLoad *load) noexcept nogil:
    load.dice ^= load.dice << 13
    load.dice ^= load.dice >> 7
    load.dice ^= load.dice << 17
    return load.dice

cdef inline void note(CLog *log, uint32_t timestamp, int64_t at) noexcept nogil:
    if log.stamps != NULL and log.count < MAX_LOG:
        log.stamps[log.count].timestamp = timestamp
        log.stamps[log.count].at = at
        log.count += 1


# --- timers: a heap by time

cdef bint plan(CLoad *load, int64_t at, CClient *client, int kind, int index) noexcept nogil:
    cdef CDue *heap
    cdef CDue mine
    cdef int child = load.n_heap, parent
    if load.n_heap == load.heap_room:
        heap = <CDue *>realloc(load.heap, 2 * load.heap_room * sizeof(CDue))
        if heap == NULL:
            return False
        load.heap = heap
        load.heap_room *= 2
    mine.at, mine.place, mine.generation, mine.kind, mine.index = at, client.place, client.generation, kind, index
    load.n_heap += 1
    while child:
        parent = (child - 1) >> 1
        if load.heap[parent].at <= at:
            break
        load.heap[child] = load.heap[parent]
        child = parent
    load.heap[child] = mine
    return True

cdef CDue take_due(CLoad *load) noexcept nogil:
    cdef CDue first = load.heap[0], last
    cdef int parent = 0, child
    load.n_heap -= 1
    last = load.heap[load.n_heap]
    while True:
        child = 2 * parent + 1
        if child >= load.n_heap:
            break
        if child + 1 < load.n_heap and load.heap[child + 1].at < load.heap[child].at:
            child += 1
        if load.heap[child].at >= last.at:
            break
        load.heap[parent] = load.heap[child]
        parent = child
    load.heap[parent] = last
    return first

cdef inline CClient *named(CLoad *load, int place, uint32_t generation) noexcept nogil:
    if place < 0 or place >= load.n_places or load.clients[place] == NULL:
        return NULL
    return load.clients[place] if load.clients[place].generation == generation else NULL


# --- sending

cdef void flush(CLoad *load, CClient *client) noexcept nogil:
    cdef int sent = 0, n
    while sent < load.n_out:
        n = sendmmsg(client.fd, &load.out_headers[sent], load.n_out - sent, MSG_DONTWAIT)
        load.sends += 1
        if n > 0:
            sent += n
            load.datagrams_out += n
        elif errno == EINTR:
            continue
        else:
            client.unsent += 1
            sent += 1
    load.n_out = 0

cdef void put_packet(CLoad *load, CClient *client, COut *out, int packet, uint32_t timestamp, uint16_t sequence,
                     uint16_t picture, bint as_rtx) noexcept nogil:
    """Make one packet of the clip, protect it, and put it to those that wait for flush()."""
    cdef CReel *reel = out.reel
    cdef uint8_t *data
    cdef int at = 12, size = reel.size[packet]
    cdef bint starts = packet == reel.first[reel.unit[packet]]
    cdef bint marker = reel.picture and packet + 1 == reel.first[reel.unit[packet] + 1]
    if load.n_out == BATCH:
        flush(load, client)
    data = load.out[load.n_out]
    data[0] = 0x80
    data[1] = <uint8_t>(marker << 7 | (out.rtx_type if as_rtx else out.payload_type))
    put32(data + 4, timestamp)
    put32(data + 8, out.rtx_ssrc if as_rtx else out.ssrc)
    if client.wide_out:
        client.wide_sequence += 1
        data[0] = 0x90
        put32(data + 12, 0xBEDE0001)
        data[16] = client.wide_out
        put16(data + 17, client.wide_sequence)
        data[19] = 0
        at = 20
    if as_rtx:  # RFC 4588 section 4
        out.rtx_sequence += 1
        put16(data + 2, out.rtx_sequence)
        put16(data + at, sequence)
        at += 2
    else:
        put16(data + 2, sequence)
    if reel.picture:  # RFC 7741 section 4.2
        data[at] = 0x90 if starts else 0x80
        data[at + 1] = 0x80
        put16(data + at + 2, 0x8000 | picture)
        at += 4
    memcpy(data + at, reel.bytes + reel.offset[packet], size)
    size += at
    if LOAD_CALL(load.protect, client.tx, data, &size):
        client.unsent += 1
        return
    load.out_parts[load.n_out].iov_len = size
    load.out_headers[load.n_out].msg_hdr.msg_name = &client.server
    load.out_headers[load.n_out].msg_hdr.msg_namelen = sizeof(sockaddr_in)
    load.n_out += 1

cdef void play(CLoad *load, CClient *client, COut *out) noexcept nogil:
    """Send the clip's next frame or sound."""
    cdef CReel *reel = out.reel
    cdef int packet, unit = out.unit
    cdef CKept *kept
    cdef int64_t now
    cdef bint counts
    out.unit = unit + 1 if unit + 1 < reel.units else 0
    out.timestamp += reel.ticks
    if out.jitter:
        out.timestamp += <uint32_t>(<int>(roll(load) % (2 * out.jitter + 1)) - out.jitter)
    out.picture = (out.picture + 1) & 0x7FFF
    out.frames += 1
    out.key_frames += unit == 0
    now = load_clock(CLOCK_REALTIME)
    out.last_at = now
    counts = load.window_from <= now < load.window_to
    out.window_frames += counts
    note(&out.log, out.timestamp, now)
    for packet in range(reel.first[unit], reel.first[unit + 1]):
        out.sequence += 1
        out.sent_at[packet] = now
        kept = &out.kept[out.sequence % HISTORY]
        kept.packet, kept.timestamp, kept.sequence, kept.picture = packet, out.timestamp, out.sequence, out.picture
        kept.used = True
        out.packets += 1
        out.octets += reel.size[packet]
        out.window_packets += counts
        put_packet(load, client, out, packet, out.timestamp, out.sequence, out.picture, False)
    flush(load, client)

cdef void repeat(CLoad *load, CClient *client, COut *out, uint16_t sequence) noexcept nogil:
    cdef CKept *kept = &out.kept[sequence % HISTORY]
    out.nacked += 1
    if not kept.used or kept.sequence != sequence:
        return
    out.again += 1
    put_packet(load, client, out, kept.packet, kept.timestamp, sequence, kept.picture, out.rtx_type != 0)

cdef void restart(COut *out, int64_t now) noexcept nogil:
    """A picture was asked for: the clip begins again with its key frame."""
    out.plis += 1
    if out.reel.picture and now - out.restarted > RESTART_NS:
        out.restarted = now
        out.unit = 0

cdef void send_control(CLoad *load, CClient *client, int size) noexcept nogil:
    """What lies in load.control, as one datagram."""
    cdef uint8_t *data = load.out[0]
    flush(load, client)
    memcpy(data, load.control, size)
    if LOAD_CALL(load.protect_control, client.tx, data, &size):
        client.unsent += 1
        return
    load.out_parts[0].iov_len = size
    load.out_headers[0].msg_hdr.msg_name = &client.server
    load.out_headers[0].msg_hdr.msg_namelen = sizeof(sockaddr_in)
    load.n_out = 1
    flush(load, client)

cdef inline uint32_t own_ssrc(CClient *client) noexcept nogil:
    return client.outs[0].ssrc if client.n_outs else 1

cdef inline void head(uint8_t *at, int count, int kind, int words) noexcept nogil:
    at[0] = <uint8_t>(0x80 | count)
    at[1] = <uint8_t>kind
    put16(at + 2, words)

cdef int put_block(uint8_t *at, CIn *stream, int64_t now) noexcept nogil:
    """RFC 3550 section 6.4.1; jitter is not measured here."""
    cdef int64_t expected = stream.highest - stream.first + 1
    cdef int64_t gone = expected - stream.reported_expected, came = stream.packets - stream.reported_packets
    cdef int64_t fraction = (gone - came) * 256 // gone if gone > 0 else 0
    cdef int64_t cumulative = expected - stream.packets
    fraction = min(max(fraction, 0), 255)
    cumulative = min(max(cumulative, -0x800000), 0x7FFFFF)
    stream.reported_expected, stream.reported_packets = expected, stream.packets
    put32(at, stream.ssrc)
    put32(at + 4, <uint32_t>(fraction << 24 | (cumulative & 0xFFFFFF)))
    put32(at + 8, <uint32_t>stream.highest)
    put32(at + 12, 0)
    put32(at + 16, stream.report_middle)
    put32(at + 20, <uint32_t>((now - stream.report_at) * 65536 // 1_000_000_000) if stream.report_middle else 0)
    return 24

cdef uint8_t *control_start(CLoad *load, CClient *client, CIn *stream, int64_t now) noexcept nogil:
    """Where feedback begins in load.control."""
    cdef uint8_t *at = load.control
    cdef int size = 0
    if not client.compound:
        return at
    if stream != NULL and stream.highest >= 0:
        size = put_block(at + 8, stream, now)
    head(at, size // 24, 201, 1 + size // 4)
    put32(at + 4, own_ssrc(client))
    return at + 8 + size

cdef void report(CLoad *load, CClient *client, int64_t now) noexcept nogil:
    """Sender reports, one receiver report, one SDES (RFC 3550 section 6)."""
    cdef uint8_t *at = load.control
    cdef uint8_t *receiver
    cdef int64_t wall = load_clock(CLOCK_REALTIME)
    cdef int i, blocks = 0
    cdef COut *out
    for i in range(client.n_outs):
        out = &client.outs[i]
        if not out.frames:
            continue
        head(at, 0, 200, 6)
        put32(at + 4, out.ssrc)
        put32(at + 8, load_ntp_seconds(wall))
        put32(at + 12, load_ntp_rest(wall))
        put32(at + 16, out.timestamp + <uint32_t>((wall - out.last_at) * out.reel.rate // 1_000_000_000))
        put32(at + 20, <uint32_t>out.packets)
        put32(at + 24, <uint32_t>out.octets)
        at += 28
    receiver = at
    at += 8
    for i in range(client.n_ins):
        if client.ins[i].highest >= 0 and blocks < 31:
            at += put_block(at, &client.ins[i], now)
            blocks += 1
    head(receiver, blocks, 201, 1 + 6 * blocks)
    put32(receiver + 4, own_ssrc(client))
    head(at, 1, 202, 4)
    put32(at + 4, own_ssrc(client))
    memcpy(at + 8, b"\x01\x05bench\x00\x00\x00\x00\x00", 12)
    at += 20
    send_control(load, client, <int>(at - load.control))

cdef void feedback(CLoad *load, CClient *client, int64_t now) noexcept nogil:
    """Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): seven two-bit statuses a chunk."""
    cdef int64_t first, number, ticks, base, delta, arrived
    cdef int count, i, symbol, chunk, size
    cdef uint8_t *start
    cdef uint8_t *at
    cdef uint8_t *deltas
    cdef int16_t large
    cdef uint8_t waiting[2048]
    if client.wide_next < 0 or client.wide_highest < client.wide_next:
        return
    first = client.wide_next
    while first <= client.wide_highest and client.wide_at[first % ARRIVALS] == 0:
        first += 1
    if first > client.wide_highest:
        return
    base = client.wide_at[first % ARRIVALS] // (64 * MS)  # the reference time counts 64 ms
    ticks = base * 256
    first = client.wide_next
    count = <int>min(client.wide_highest - first + 1, 400)
    start = at = control_start(load, client, &client.ins[0] if client.n_ins else NULL, now)
    head(at, 15, 205, 0)
    put32(at + 4, own_ssrc(client))
    put32(at + 8, client.ins[0].ssrc if client.n_ins else 0)
    put16(at + 12, <uint32_t>(first & 0xFFFF))
    put16(at + 14, count)
    put32(at + 16, <uint32_t>((base & 0xFFFFFF) << 8 | client.wide_count))
    client.wide_count += 1
    at += 20
    deltas = waiting
    chunk = 0
    for i in range(count):
        number = first + i
        arrived = client.wide_at[number % ARRIVALS]
        client.wide_at[number % ARRIVALS] = 0
        symbol = 0
        if arrived:
            delta = arrived // 250_000 - ticks
            if -0x8000 <= delta <= 0x7FFF:
                ticks += delta
                symbol = 1 if 0 <= delta <= 255 else 2
                if symbol == 1:
                    deltas[0] = <uint8_t>delta
                    deltas += 1
                else:
                    large = <int16_t>delta
                    put16(deltas, <uint16_t>large)
                    deltas += 2
        chunk |= symbol << (12 - 2 * (i % 7))
        if i % 7 == 6 or i == count - 1:
            put16(at, 0xC000 | chunk)
            at += 2
            chunk = 0
    client.wide_next = first + count
    size = <int>(deltas - waiting)
    memcpy(at, waiting, size)
    at += size
    while (at - start) & 3:
        at[0] = 0
        at += 1
    put16(start + 2, <uint32_t>((at - start) // 4 - 1))
    send_control(load, client, <int>(at - load.control))

cdef void ask(CLoad *load, CClient *client, CIn *stream, int64_t now) noexcept nogil:
    """NACK what is due, give up what is too old, and ask for a new picture where one was broken (RFC 4585)."""
    cdef int i = 0, asked = 0
    # Like a browser: without a key frame there is nothing to see, and after a loss neither.
    cdef bint broken = stream.picture and stream.highest >= 0 and not stream.key_frames
    cdef CMissing *one
    cdef uint8_t *start = control_start(load, client, stream, now)
    cdef uint8_t *at = start + 12
    while i < stream.n_missing:
        one = &stream.missing[i]
        if now - one.since > GIVE_UP_NS:
            stream.lost += 1
            broken = True
            stream.n_missing -= 1
            memmove(one, one + 1, (stream.n_missing - i) * sizeof(CMissing))
            continue
        if now >= one.due and asked < 200:
            one.due = now + NEXT_NACK_NS
            put16(at, <uint32_t>(one.sequence & 0xFFFF))
            put16(at + 2, 0)
            at += 4
            asked += 1
        i += 1
    if asked:
        stream.nacks += asked
        head(start, 1, 205, 2 + asked)
        put32(start + 4, own_ssrc(client))
        put32(start + 8, stream.ssrc)
        send_control(load, client, <int>(at - load.control))
    if broken and stream.picture and now - stream.pli_at > PLI_NS:
        stream.pli_at = now
        stream.plis += 1
        start = control_start(load, client, stream, now)
        head(start, 1, 206, 2)
        put32(start + 4, own_ssrc(client))
        put32(start + 8, stream.ssrc)
        send_control(load, client, <int>(start - load.control) + 12)


# --- receiving

cdef bint saw(CIn *stream, uint16_t sequence, int64_t now, bint again) noexcept nogil:
    """Count a packet by its sequence number and note what is missing before it; False: it came before."""
    cdef int64_t number, lost
    cdef int i
    if stream.highest < 0:
        stream.highest = stream.first = 65536 + sequence
        stream.packets = 1
        return True
    number = stream.highest + <int16_t>(sequence - <uint16_t>stream.highest)
    if number > stream.highest:
        for lost in range(max(stream.highest + 1, number - MAX_MISSING), number):
            if stream.n_missing == MAX_MISSING:
                stream.lost += 1
                continue
            stream.missing[stream.n_missing].sequence = lost
            stream.missing[stream.n_missing].since = now
            stream.missing[stream.n_missing].due = now + FIRST_NACK_NS
            stream.n_missing += 1
        stream.highest = number
        stream.packets += 1
        return True
    for i in range(stream.n_missing):
        if stream.missing[i].sequence == number:
            stream.n_missing -= 1
            memmove(&stream.missing[i], &stream.missing[i + 1], (stream.n_missing - i) * sizeof(CMissing))
            stream.recovered += again
            stream.packets += 1
            return True
    stream.repeated += 1
    return False

cdef void arrived(CClient *client, uint16_t sequence, int64_t now) noexcept nogil:
    cdef int64_t number
    if client.wide_next < 0:
        client.wide_next = 65536 + sequence
        client.wide_highest = client.wide_next - 1
    number = client.wide_highest + <int16_t>(sequence - <uint16_t>client.wide_highest)
    if number < client.wide_next:
        return  # reported as lost already
    if number > client.wide_highest:
        while client.wide_highest < number:
            client.wide_highest += 1
            client.wide_at[client.wide_highest % ARRIVALS] = 0
        client.wide_next = max(client.wide_next, number - ARRIVALS + 1)
    client.wide_at[number % ARRIVALS] = now

cdef void rtp(CLoad *load, CClient *client, uint8_t *data, int size, int64_t at_wall, int64_t now) noexcept nogil:
    cdef int at = 12 + 4 * (data[0] & 15), end, i, packet, length
    cdef CIn *stream = NULL
    cdef uint32_t ssrc = get32(data + 8), timestamp = get32(data + 4)
    cdef bint again = False, marker = data[1] > 127
    if data[0] & 0x10 and at + 4 <= size:
        end = at + 4 + 4 * <int>get16(data + at + 2)
        if client.wide_in and get16(data + at) == 0xBEDE and end <= size:
            i = at + 4
            while i < end:
                length = (data[i] & 15) + 1
                if data[i] == 0:
                    i += 1
                    continue
                if data[i] == client.wide_in and i + 3 <= end:
                    arrived(client, <uint16_t>get16(data + i + 1), now)
                i += 1 + length
        at = end
    if data[0] & 0x20:
        size -= data[size - 1]
    if at > size:
        client.malformed += 1
        return
    for i in range(client.n_ins):
        if client.ins[i].ssrc == ssrc:
            stream = &client.ins[i]
            break
        if client.ins[i].rtx_ssrc == ssrc and ssrc:
            stream = &client.ins[i]
            again = True
            break
    if stream == NULL:
        client.strangers += 1
        return
    if again:
        if size - at < 2:
            return  # padding only: a probe
        at += 2
        if not saw(stream, <uint16_t>get16(data + at - 2), now, True):
            return
    elif not saw(stream, <uint16_t>get16(data + 2), now, False):
        return
    stream.octets += size - at
    if stream.picture and size - at > 6:
        length = descriptor(data + at, size - at)
        # A picture's first packet, and its first bit says key frame (RFC 6386 section 9.1).
        stream.key_frames += data[at] & 0x17 == 0x10 and not data[at + length] & 1
    packet = -1
    if stream.source != NULL:
        packet = find_packet(stream.source.reel, data + at, size - at)
    if packet < 0:
        stream.unknown += 1
        if marker or not stream.picture:
            stream.frames += 1
            stream.last_frame_at = now
            note(&stream.log, timestamp, at_wall)
        return
    count(load, stream, packet, at_wall, timestamp, now)

cdef void count(CLoad *load, CIn *stream, int packet, int64_t at, uint32_t timestamp, int64_t now) noexcept nogil:
    """A packet of the clip we know: what it took, if it was sent in the measured time."""
    cdef CReel *reel = stream.source.reel
    cdef int unit = reel.unit[packet]
    cdef int64_t sent = stream.source.sent_at[packet], latency = at - sent
    cdef bint ends = packet + 1 == reel.first[unit + 1]
    cdef bint counts = load.window_from <= sent < load.window_to
    if counts:
        stream.window_packets += 1
    if not ends:
        return
    stream.frames += 1
    stream.last_frame_at = now
    note(&stream.log, timestamp, at)
    if counts:
        stream.window_frames += 1
        load.histogram[stream.group][reel.picture][load_bucket(latency // 1000)] += 1
        load.worst[stream.group][reel.picture] = max(load.worst[stream.group][reel.picture], latency)

cdef COut *out_of(CClient *client, uint32_t ssrc) noexcept nogil:
    cdef int i
    for i in range(client.n_outs):
        if client.outs[i].ssrc == ssrc:
            return &client.outs[i]
    return NULL

cdef void control(CLoad *load, CClient *client, uint8_t *data, int size, int64_t now) noexcept nogil:
    """A compound RTCP packet: what it asks for is done at once."""
    cdef int at = 0, end, i, j, kind, form
    cdef COut *out
    cdef uint32_t lost
    while at + 4 <= size:
        end = at + 4 + 4 * <int>get16(data + at + 2)
        if end > size or data[at] >> 6 != 2:
            client.malformed += 1
            return
        form, kind = data[at] & 31, data[at + 1]
        if kind == 200 and end - at >= 28:
            for i in range(client.n_ins):
                if client.ins[i].ssrc == get32(data + at + 4):
                    client.ins[i].report_middle = get32(data + at + 10)
                    client.ins[i].report_at = now
        elif kind == 205 and form == 1 and end - at >= 12:
            out = out_of(client, get32(data + at + 8))
            if out != NULL:
                for i in range(at + 12, end - 3, 4):
                    repeat(load, client, out, <uint16_t>get16(data + i))
                    lost = get16(data + i + 2)
                    for j in range(16):
                        if lost >> j & 1:
                            repeat(load, client, out, <uint16_t>(get16(data + i) + j + 1))
                flush(load, client)
        elif kind == 206 and form == 1 and end - at >= 12:
            out = out_of(client, get32(data + at + 8))
            if out != NULL:
                restart(out, now)
        elif kind == 206 and form == 4:
            for i in range(at + 12, end - 7, 8):
                out = out_of(client, get32(data + i))
                if out != NULL:
                    restart(out, now)
        at = end

cdef void put_up(CLoad *load, CClient *client, const uint8_t *data, int size) noexcept nogil:
    cdef CUp *up
    cdef uint64_t one = 1
    cdef int room = <int>sizeof(CUp) + ((size + 7) & ~7)
    if load.up_used + room > MAX_UP:
        load.unread += 1
        return
    up = <CUp *>(load.up + load.up_used)
    up.place, up.generation, up.size = client.place, client.generation, size
    memcpy(<uint8_t *>up + sizeof(CUp), data, size)
    load.up_used += room
    c_write(load.event, &one, 8)

cdef void receive(CLoad *load, CClient *client, int64_t now) noexcept nogil:
    cdef int n, i, size
    cdef uint8_t *data
    cdef int64_t wall
    for i in range(BATCH):
        load.into_headers[i].msg_hdr.msg_controllen = STAMP
    n = recvmmsg(client.fd, load.into_headers, BATCH, MSG_DONTWAIT, NULL)
    load.receives += 1
    if n <= 0:
        return
    load.datagrams_in += n
    wall = load_clock(CLOCK_REALTIME)
    for i in range(n):
        data, size = load.into[i], <int>load.into_headers[i].msg_len
        if size < 12 or size > MAX_DATAGRAM:
            client.malformed += size > 0
        elif data[0] < 128 or data[0] > 191:
            put_up(load, client, data, size)
        elif 191 < data[1] < 224:
            if LOAD_CALL(load.unprotect_control, client.rx, data, &size):
                client.unreadable += 1
            else:
                control(load, client, data, size, now)
        elif LOAD_CALL(load.unprotect, client.rx, data, &size) or size < 12:
            client.unreadable += 1
        else:
            rtp(load, client, data, size, load_stamp(&load.into_headers[i].msg_hdr, wall), now)


# --- the thread

cdef void on_time(CLoad *load, int64_t now) noexcept nogil:
    cdef CDue due
    cdef CClient *client
    cdef int64_t next
    cdef int i, j
    cdef uint64_t one = 1
    while load.n_heap and load.heap[0].at <= now:
        due = take_due(load)
        client = named(load, due.place, due.generation)
        if client == NULL:
            continue
        load.late_ns = max(load.late_ns, now - due.at)
        if due.kind == PLAY:
            play(load, client, &client.outs[due.index])
            next = due.at + client.outs[due.index].reel.period
        elif due.kind == FEEDBACK:
            feedback(load, client, now)
            next = due.at + FEEDBACK_NS
        else:
            report(load, client, now)
            next = due.at + REPORT_NS
        plan(load, next, client, due.kind, due.index)
    if now - load.swept < SWEEP_NS:
        return
    load.swept = now
    for i in range(load.n_places):
        client = load.clients[i]
        if client == NULL:
            continue
        for j in range(client.n_ins):
            if client.ins[j].n_missing or (client.ins[j].picture and not client.ins[j].key_frames):
                ask(load, client, &client.ins[j], now)
    if load.tell:
        c_write(load.event, &one, 8)

cdef void run(CLoad *load) noexcept nogil:
    cdef int n = 0, i
    cdef int64_t now, next
    cdef uint64_t name
    cdef CClient *client
    while not load.stop:
        pthread_mutex_lock(&load.mutex)
        now = load_clock(CLOCK_MONOTONIC)
        for i in range(n):
            name = load_event_name(&load.events[i])
            client = named(load, <int>(name >> 32), <uint32_t>name)
            if client != NULL:
                receive(load, client, now)
        now = load_clock(CLOCK_MONOTONIC)
        on_time(load, now)
        next = now + SWEEP_NS
        if load.n_heap:
            next = min(next, load.heap[0].at)
        pthread_mutex_unlock(&load.mutex)
        n = load_wait(load.epoll, load.events, EVENTS, next - load_clock(CLOCK_MONOTONIC))


# --- Python's side

cdef class Reel:
    """A clip for sending: `units` are frames or sounds, each a list of packets' payloads without codec descriptor."""

    cdef CReel reel

    def __cinit__(self, units, *, int rate, int ticks, double period, bint picture):
        cdef CReel *reel = &self.reel
        cdef int unit = 0, packet = 0, at = 0, size
        cdef uint32_t slot
        packets = [payload for payloads in units for payload in payloads]
        if not packets or min(map(len, packets)) < SHORTEST or max(map(len, packets)) > 1200:
            raise ValueError("a clip's packets have 16 to 1200 bytes")
        if len(set(packets)) != len(packets):
            raise ValueError("two packets of a clip are the same")
        reel.units, reel.packets, reel.rate, reel.ticks = len(units), len(packets), rate, ticks
        reel.period, reel.picture = <int64_t>(period * 1e9), picture
        reel.mask = (1 << (4 * reel.packets).bit_length()) - 1
        reel.first = <int *>calloc(reel.units + 1, sizeof(int))
        reel.unit = <int *>calloc(reel.packets, sizeof(int))
        reel.offset = <int *>calloc(reel.packets, sizeof(int))
        reel.size = <int *>calloc(reel.packets, sizeof(int))
        reel.bytes = <uint8_t *>malloc(sum(map(len, packets)))
        reel.table = <int *>calloc(reel.mask + 1, sizeof(int))
        if not (reel.first and reel.unit and reel.offset and reel.size and reel.bytes and reel.table):
            raise MemoryError
        for unit, payloads in enumerate(units):
            reel.first[unit] = packet
            for payload in payloads:
                size = len(payload)
                memcpy(reel.bytes + at, PyBytes_AS_STRING(payload), size)
                reel.unit[packet], reel.offset[packet], reel.size[packet] = unit, at, size
                at += size
                slot = payload_hash(reel.bytes + at - size, size) & reel.mask
                while reel.table[slot]:
                    slot = (slot + 1) & reel.mask
                packet += 1
                reel.table[slot] = packet
        reel.first[reel.units] = packet

    def __dealloc__(self):
        free(self.reel.first)
        free(self.reel.unit)
        free(self.reel.offset)
        free(self.reel.size)
        free(self.reel.bytes)
        free(self.reel.table)


cdef class Load:
    """All clients of this process. `functions`: addresses of libsrtp's protect and unprotect, for RTP then for RTCP."""

    cdef CLoad *load
    cdef object thread
    cdef list reels

    def __cinit__(self, functions):
        cdef int i
        self.load = <CLoad *>calloc(1, sizeof(CLoad))
        if self.load == NULL:
            raise MemoryError
        cdef CLoad *load = self.load
        load.protect, load.unprotect, load.protect_control, load.unprotect_control = functions
        pthread_mutex_init(&load.mutex, NULL)
        load.heap_room = 256
        load.heap = <CDue *>malloc(load.heap_room * sizeof(CDue))
        load.epoll, load.event = epoll_create1(EPOLL_CLOEXEC), eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)
        if load.heap == NULL or load.epoll < 0 or load.event < 0:
            raise MemoryError
        load.dice = random.getrandbits(63) | 1
        load.window_from = load.window_to = 0
        for i in range(BATCH):
            load.into_parts[i].iov_base, load.into_parts[i].iov_len = load.into[i], BUFFER
            load.into_headers[i].msg_hdr.msg_iov, load.into_headers[i].msg_hdr.msg_iovlen = &load.into_parts[i], 1
            load.into_headers[i].msg_hdr.msg_control = load.stamps[i]
            load.out_parts[i].iov_base = load.out[i]
            load.out_headers[i].msg_hdr.msg_iov, load.out_headers[i].msg_hdr.msg_iovlen = &load.out_parts[i], 1
        self.reels = []

    def __dealloc__(self):
        if self.load != NULL:
            free(self.load.heap)
            c_close(self.load.epoll)
            c_close(self.load.event)
            pthread_mutex_destroy(&self.load.mutex)
            free(self.load)

    def start(self):
        self.load.stop = False
        self.thread = threading.Thread(target=self._run, name="load", daemon=True)
        self.thread.start()

    def _run(self):
        with nogil:
            run(self.load)

    def stop(self):
        """Wait for the thread's end."""
        self.load.stop = True
        if self.thread is not None:
            self.thread.join()
            self.thread = None

    @property
    def event(self):
        """Readable when take_up() has something; and, while `tell`, a hundred times a second."""
        return self.load.event

    def tell(self, bint wanted):
        self.load.tell = wanted

    def take_up(self):
        """[(client's place, generation, datagram)] that was not media."""
        cdef uint64_t count
        cdef int at = 0
        cdef CUp *up
        c_read(self.load.event, &count, 8)
        cdef bytes taken
        pthread_mutex_lock(&self.load.mutex)
        cdef int used = self.load.up_used
        cdef uint8_t *copy = <uint8_t *>malloc(used) if used else NULL
        if copy != NULL:
            memcpy(copy, self.load.up, used)
        self.load.up_used = 0
        pthread_mutex_unlock(&self.load.mutex)
        got = []
        if copy == NULL:
            return got
        while at < used:
            up = <CUp *>(copy + at)
            got.append((up.place, up.generation, PyBytes_FromStringAndSize(<char *>up + sizeof(CUp), up.size)))
            at += <int>sizeof(CUp) + ((up.size + 7) & ~7)
        free(copy)
        return got

    def open_window(self):
        """Begin to measure: figures named window_* and the latencies start from nothing."""
        cdef int i, j
        cdef CClient *client
        pthread_mutex_lock(&self.load.mutex)
        for i in range(self.load.n_places):
            client = self.load.clients[i]
            if client == NULL:
                continue
            for j in range(client.n_outs):
                client.outs[j].window_packets = client.outs[j].window_frames = client.outs[j].log.count = 0
            for j in range(client.n_ins):
                client.ins[j].window_packets = client.ins[j].window_frames = client.ins[j].log.count = 0
        memset(self.load.histogram, 0, sizeof(self.load.histogram))
        memset(self.load.worst, 0, sizeof(self.load.worst))
        self.load.window_from, self.load.window_to = load_clock(CLOCK_REALTIME), <int64_t>1 << 62
        pthread_mutex_unlock(&self.load.mutex)

    def close_window(self):
        """What is sent from now on counts no more; what is on its way still does."""
        pthread_mutex_lock(&self.load.mutex)
        self.load.window_to = load_clock(CLOCK_REALTIME)
        pthread_mutex_unlock(&self.load.mutex)

    def latencies(self, int group, bint picture):
        """({bucket's lower bound in microseconds: frames}, the worst in microseconds) of the window."""
        if not 0 <= group < GROUPS:
            raise ValueError("no such group")
        cdef int i, shift
        counts = {}
        for i in range(BUCKETS):
            if self.load.histogram[group][picture][i]:
                shift = max(0, i // 64 - 1)
                counts[(i - 64 * shift) << shift] = self.load.histogram[group][picture][i]
        return counts, self.load.worst[group][picture] / 1000

    @property
    def figures(self):
        load = self.load
        return {
            "datagrams_in": load.datagrams_in, "datagrams_out": load.datagrams_out, "receives": load.receives,
            "sends": load.sends, "unread": load.unread, "late_ms": load.late_ns / 1e6,
        }


@cython.no_gc_clear  # its Load and sessions must be there when it is freed
cdef class Client:
    """One client's media. Add its streams, then begin(); end() before the sessions are closed."""

    cdef CClient *client
    cdef readonly Load load
    cdef object sessions
    cdef bint running

    def __cinit__(self, Load load not None, int fd, server, sessions, uintptr_t rx, uintptr_t tx, *, int wide_out=0,
                  int wide_in=0, bint compound=False):
        host, port = server
        self.client = <CClient *>calloc(1, sizeof(CClient))
        if self.client == NULL:
            raise MemoryError
        self.client.ins = <CIn *>calloc(MAX_INS, sizeof(CIn))
        if self.client.ins == NULL:
            raise MemoryError
        self.load, self.sessions = load, sessions
        self.client.fd, self.client.rx, self.client.tx = fd, rx, tx
        self.client.wide_out = <uint8_t>(wide_out << 4 | 1) if wide_out else 0
        self.client.wide_in = <uint8_t>(wide_in << 4 | 1) if wide_in else 0
        self.client.wide_next, self.client.place = -1, -1
        self.client.compound = compound
        if not load_address(&self.client.server, host.encode(), port):
            raise ValueError("not an IPv4 address")
        load_stamped(fd)

    def __dealloc__(self):
        cdef int i
        if self.client == NULL:
            return
        if self.running:
            self.end()
        for i in range(self.client.n_outs):
            free(self.client.outs[i].sent_at)
            free(self.client.outs[i].log.stamps)
        if self.client.ins != NULL:
            for i in range(self.client.n_ins):
                free(self.client.ins[i].log.stamps)
        free(self.client.ins)
        free(self.client)

    def add_out(self, Reel reel not None, *, uint32_t ssrc, uint32_t rtx_ssrc, int payload_type, int rtx_type,
                int jitter=0, bint log=False):
        """A stream to send; its number."""
        if self.running or self.client.n_outs == MAX_OUTS:
            raise ValueError("no room, or too late")
        cdef COut *out = &self.client.outs[self.client.n_outs]
        self.load.reels.append(reel)
        out.reel = &reel.reel
        out.ssrc, out.rtx_ssrc, out.payload_type, out.rtx_type = ssrc, rtx_ssrc, payload_type, rtx_type
        out.sequence, out.rtx_sequence = random.getrandbits(15), random.getrandbits(15)
        out.timestamp, out.picture, out.jitter = random.getrandbits(32), random.getrandbits(14), jitter
        out.sent_at = <int64_t *>calloc(reel.reel.packets, 8)
        if log:
            out.log.stamps = <CStamp *>malloc(MAX_LOG * sizeof(CStamp))
        if out.sent_at == NULL or (log and out.log.stamps == NULL):
            raise MemoryError
        self.client.n_outs += 1
        return self.client.n_outs - 1

    def add_in(self, *, uint32_t ssrc, uint32_t rtx_ssrc, int rate, bint picture, int group=0, bint log=False):
        """A stream to receive; its number."""
        if self.running or self.client.n_ins == MAX_INS or not 0 <= group < GROUPS:
            raise ValueError("no room, no such group, or too late")
        cdef CIn *stream = &self.client.ins[self.client.n_ins]
        stream.ssrc, stream.rtx_ssrc, stream.rate, stream.picture = ssrc, rtx_ssrc, rate, picture
        stream.group, stream.highest = group, -1
        if log:
            stream.log.stamps = <CStamp *>malloc(MAX_LOG * sizeof(CStamp))
            if stream.log.stamps == NULL:
                raise MemoryError
        self.client.n_ins += 1
        return self.client.n_ins - 1

    def begin(self):
        """Play and listen from now on."""
        cdef CClient *client = self.client
        cdef CLoad *load = self.load.load
        cdef int i, place = -1
        cdef int64_t now
        cdef bint good = True
        pthread_mutex_lock(&load.mutex)
        for i in range(MAX_CLIENTS):
            if load.clients[i] == NULL:
                place = i
                break
        if place >= 0:
            load.generations += 1
            client.place, client.generation = place, load.generations
            load.clients[place] = client
            load.n_places = max(load.n_places, place + 1)
            now = load_clock(CLOCK_MONOTONIC)
            for i in range(client.n_outs):
                good &= plan(load, now + <int64_t>(roll(load) % <uint64_t>client.outs[i].reel.period), client, PLAY, i)
            good &= plan(load, now + <int64_t>(roll(load) % <uint64_t>REPORT_NS), client, REPORT, 0)
            if client.wide_in:
                good &= plan(load, now + <int64_t>(roll(load) % <uint64_t>FEEDBACK_NS), client, FEEDBACK, 0)
            good &= load_watch(load.epoll, client.fd, <uint64_t>place << 32 | client.generation) == 0
        pthread_mutex_unlock(&load.mutex)
        self.running = place >= 0
        if not good or not self.running:
            raise MemoryError

    def end(self):
        """Neither send nor receive any more."""
        cdef CLoad *load = self.load.load
        cdef CClient *other
        cdef CClient *client = self.client
        cdef int i, j, k
        if not self.running:
            return
        self.running = False
        pthread_mutex_lock(&load.mutex)
        load.clients[client.place] = NULL
        load_unwatch(load.epoll, client.fd)
        for i in range(load.n_places):
            other = load.clients[i]
            if other == NULL:
                continue
            for j in range(other.n_ins):
                for k in range(client.n_outs):
                    if other.ins[j].source == &client.outs[k]:
                        other.ins[j].source = NULL
        pthread_mutex_unlock(&load.mutex)

    def listen(self, int number, Client source, int out):
        """What `source` sends as its stream `out` arrives on the stream `number`; None: nothing known."""
        if not 0 <= number < self.client.n_ins or (source is not None and not 0 <= out < source.client.n_outs):
            raise ValueError("no such stream")
        if source is not None and not source.running:
            raise ValueError("it does not send")
        pthread_mutex_lock(&self.load.load.mutex)
        self.client.ins[number].source = NULL if source is None else &source.client.outs[out]
        pthread_mutex_unlock(&self.load.load.mutex)

    @property
    def name(self):
        """(place, generation), as take_up() names it."""
        return self.client.place, self.client.generation

    def sent(self, int number):
        """Figures of a stream that is sent."""
        if not 0 <= number < self.client.n_outs:
            raise ValueError("no such stream")
        out = &self.client.outs[number]
        return {
            "packets": out.packets, "frames": out.frames, "key_frames": out.key_frames, "plis": out.plis,
            "nacked": out.nacked, "again": out.again, "window_packets": out.window_packets,
            "window_frames": out.window_frames,
        }

    def came(self, int number):
        """Figures of a stream that is received."""
        if not 0 <= number < self.client.n_ins:
            raise ValueError("no such stream")
        stream = &self.client.ins[number]
        return {
            "packets": stream.packets, "frames": stream.frames, "key_frames": stream.key_frames,
            "unknown": stream.unknown, "recovered": stream.recovered, "lost": stream.lost,
            "repeated": stream.repeated, "nacks": stream.nacks, "plis": stream.plis, "missing": stream.n_missing,
            "window_packets": stream.window_packets, "window_frames": stream.window_frames,
        }

    @property
    def faults(self):
        client = self.client
        return {
            "unreadable": client.unreadable, "unsent": client.unsent, "strangers": client.strangers,
            "malformed": client.malformed,
        }

    def log(self, bint out, int number):
        """[(RTP timestamp, ns)] of the window's frames, sent or received."""
        cdef CLog *log
        cdef int i
        if not 0 <= number < (self.client.n_outs if out else self.client.n_ins):
            raise ValueError("no such stream")
        log = &self.client.outs[number].log if out else &self.client.ins[number].log
        return [(log.stamps[i].timestamp, log.stamps[i].at) for i in range(log.count)]
