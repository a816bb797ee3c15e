# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, binding=False
"""The per-packet path in native code, in a thread of its own without the GIL; it decides nothing.

forwarder.py, sender.py and the records of table.py say in Python what this file does; a test feeds both the same
packets and compares every byte. Change them together.

Memory rules
------------
* `Node` structs (CPath, CTrack, COutput, CSink) are what the thread sees. Each is counted: one reference by its
  Python object (Path, Track, Output, Sink below), one by every struct that points to it, one by every fact about it
  that Python has not read yet. Whoever takes the last one frees it, always under the mutex.
* THE ONE MUTEX (`Pump.mutex`) guards every node, the address map, and every use of an SRTP session: RTP in the
  thread, RTCP and retransmissions from Python. The thread holds it while it handles what one recvmmsg brought,
  never in a system call (except where one batch overflows the outgoing buffers). The thread never takes the GIL.
  While Python holds the mutex it allocates no Python object: a garbage collection could come back for the mutex.
  Figures alone (counts, times, jitter) are read without it: aligned words that may be a packet old, of which nothing
  else is concluded. What Python sets is set under it.
* Table changes go over a bounded ring of commands, written under the GIL, and applied by whoever holds the mutex:
  the thread after each recvmmsg before it looks at the first packet (so a change that was made before a packet
  was sent holds for it), Python before it reads state that a command may change, and Python too when the ring is
  full, so none is ever dropped. Shutting a gate is done at once: when shut() has returned no packet passes it.
* A leg is freed late: a Python object that dies first takes the mutex and applies the ring, so no command and no
  batch of the thread can still mean it (the batch is the epoch); a path then loses its sessions before they die.
* Facts go up in two bounded buffers that are swapped under the mutex; what does not fit is counted and dropped.

Bounds: MAX_* below; every array is checked where it is filled, and what does not fit is refused or counted.

Tests count with `blocks` (memory), `Pump.system_calls` and `Pump.copied`: what a packet may cost is a number, not a time.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.ref cimport Py_INCREF, PyObject
from libc.errno cimport EAGAIN, EINTR, EINVAL, EIO, EMSGSIZE, errno
from libc.stdint cimport int16_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t, uintptr_t
from libc.string cimport memcmp, memcpy, memmove, memset

cimport cython

import secrets
import threading

cdef extern from *:
    """
    #ifndef _GNU_SOURCE
    #define _GNU_SOURCE
    #endif
    #include <arpa/inet.h>
    #include <errno.h>
    #include <netinet/in.h>
    #include <poll.h>
    #include <pthread.h>
    #include <stdint.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/eventfd.h>
    #include <sys/socket.h>
    #include <time.h>
    #include <unistd.h>

    typedef int (*srtp_call)(void *, void *, int *);

    typedef union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } Address;

    static inline int64_t pump_now(void) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    }
    static inline int pump_wait(int fd, int64_t ns) {  /* until it is readable, at most ns */
        struct pollfd one = {fd, POLLIN, 0};
        struct timespec t = {ns / 1000000000, ns % 1000000000};
        return ppoll(&one, 1, &t, NULL);
    }
    static inline void pump_pause(int64_t ns) {
        struct timespec t = {0, ns};
        nanosleep(&t, NULL);
    }
    static inline socklen_t address_size(const Address *a) {
        return a->any.sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    }
    static int address_make(Address *a, int family, const char *host, int port) {
        memset(a, 0, sizeof *a);
        a->any.sa_family = (sa_family_t)family;
        if (family == AF_INET6) {
            a->six.sin6_port = htons((uint16_t)port);
            return inet_pton(AF_INET6, host, &a->six.sin6_addr) == 1;
        }
        a->four.sin_port = htons((uint16_t)port);
        return inet_pton(AF_INET, host, &a->four.sin_addr) == 1;
    }
    static int address_text(const Address *a, char *host, int size) {
        if (a->any.sa_family == AF_INET6) {
            inet_ntop(AF_INET6, &a->six.sin6_addr, host, (socklen_t)size);
            return ntohs(a->six.sin6_port);
        }
        inet_ntop(AF_INET, &a->four.sin_addr, host, (socklen_t)size);
        return ntohs(a->four.sin_port);
    }
    static inline int address_same(const Address *a, const Address *b) {
        if (a->any.sa_family != b->any.sa_family) return 0;
        if (a->any.sa_family == AF_INET6)
            return a->six.sin6_port == b->six.sin6_port
                && !memcmp(&a->six.sin6_addr, &b->six.sin6_addr, 16);
        return a->four.sin_port == b->four.sin_port && a->four.sin_addr.s_addr == b->four.sin_addr.s_addr;
    }
    static inline uint64_t address_hash(const Address *a) {
        uint64_t x, y = 0;
        if (a->any.sa_family == AF_INET6) {
            memcpy(&x, &a->six.sin6_addr, 8);
            memcpy(&y, (const char *)&a->six.sin6_addr + 8, 8);
            x ^= (uint64_t)a->six.sin6_port << 48;
        } else x = (uint64_t)a->four.sin_addr.s_addr << 16 | a->four.sin_port;
        x = (x ^ y * 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull;
        return x ^ x >> 32;
    }
    static inline double pump_transit(int64_t now, int rate, uint32_t timestamp) {
        return (double)((__int128)now * rate) / 1e9 - (double)timestamp;
    }
    static inline uint32_t pump_elapsed(int64_t from, int64_t to, int rate) {
        __int128 ticks = (__int128)(to - from) * rate;
        if (ticks < 1000000000) return 1;  // also where the clock went backwards
        return (uint32_t)(ticks / 1000000000);
    }
    /* Every block of memory is counted, of all pumps of the process: a leak is a number. */
    static int64_t pump_blocks_made, pump_blocks_kept;
    static inline void *pump_counted(void *block, int fresh) {
        if (block) __atomic_fetch_add(&pump_blocks_made, 1, __ATOMIC_RELAXED);
        if (block && fresh) __atomic_fetch_add(&pump_blocks_kept, 1, __ATOMIC_RELAXED);
        return block;
    }
    static inline void *pump_malloc(size_t n) { return pump_counted(malloc(n), 1); }
    static inline void *pump_calloc(size_t n, size_t size) { return pump_counted(calloc(n, size), 1); }
    static inline void *pump_realloc(void *p, size_t n) { int fresh = !p; return pump_counted(realloc(p, n), fresh); }
    static inline void pump_free(void *p) {
        if (p) __atomic_fetch_sub(&pump_blocks_kept, 1, __ATOMIC_RELAXED);
        free(p);
    }
    #define PUMP_LOAD(p) __atomic_load_n(&(p), __ATOMIC_ACQUIRE)
    #define PUMP_STORE(p, v) __atomic_store_n(&(p), (v), __ATOMIC_RELEASE)
    #define PUMP_COUNT(p) __atomic_fetch_add(&(p), 1, __ATOMIC_RELAXED)
    #define PUMP_ADD(p, n) __atomic_fetch_add(&(p), (n), __ATOMIC_RELAXED)
    #define PUMP_SWAP(p, v) __atomic_exchange_n(&(p), (v), __ATOMIC_SEQ_CST)
    #define PUMP_CALL(f, s, d, n) ((srtp_call)(f))((void *)(s), (d), (n))
    /* UDP_SEGMENT of linux/udp.h, which old headers lack: the kernel cuts one send into datagrams of `size`. */
    typedef union {
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
        struct cmsghdr aligned;
    } Segment;
    static inline void pump_segment(struct msghdr *header, Segment *control, uint16_t size) {
        struct cmsghdr *c = &control->aligned;
        c->cmsg_level = IPPROTO_UDP;
        c->cmsg_type = 103;
        c->cmsg_len = CMSG_LEN(sizeof size);
        memcpy(CMSG_DATA(c), &size, sizeof size);
        header->msg_control = control;
        header->msg_controllen = sizeof *control;
    }
    """
    ctypedef struct Sockaddr "struct sockaddr":
        pass
    ctypedef union Address:
        Sockaddr any
    ctypedef struct pthread_mutex_t:
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
    ctypedef union Segment:
        pass
    ctypedef struct mmsghdr "struct mmsghdr":
        msghdr msg_hdr
        unsigned int msg_len
    ctypedef struct timeval "struct timeval":
        long tv_sec
        long tv_usec
    int AF_INET6, MSG_DONTWAIT, MSG_WAITFORONE, SOL_SOCKET, SO_RCVTIMEO, EFD_NONBLOCK, EFD_CLOEXEC
    int recvmmsg(int, mmsghdr *, unsigned int, int, void *) nogil
    int sendmmsg(int, mmsghdr *, unsigned int, int) nogil
    int setsockopt(int, int, int, const void *, uint32_t) nogil
    int pthread_mutex_init(pthread_mutex_t *, void *) nogil
    int pthread_mutex_lock(pthread_mutex_t *) nogil
    int pthread_mutex_unlock(pthread_mutex_t *) nogil
    int pthread_mutex_destroy(pthread_mutex_t *) nogil
    int eventfd(unsigned int, int) nogil
    ssize_t c_write "write"(int, const void *, size_t) nogil
    ssize_t c_read "read"(int, void *, size_t) nogil
    int c_close "close"(int) nogil
    void *malloc "pump_malloc"(size_t) nogil
    void *calloc "pump_calloc"(size_t, size_t) nogil
    void *realloc "pump_realloc"(void *, size_t) nogil
    void free "pump_free"(void *) nogil
    int64_t pump_blocks_made, pump_blocks_kept
    int64_t pump_now() nogil
    int pump_wait(int, int64_t) nogil
    void pump_pause(int64_t) nogil
    uint32_t address_size(const Address *) nogil
    int address_make(Address *, int, const char *, int) nogil
    int address_text(const Address *, char *, int) nogil
    int address_same(const Address *, const Address *) nogil
    uint64_t address_hash(const Address *) nogil
    double pump_transit(int64_t, int, uint32_t) nogil
    uint32_t pump_elapsed(int64_t, int64_t, int) nogil
    uint64_t PUMP_LOAD(uint64_t) nogil
    void PUMP_STORE(uint64_t, uint64_t) nogil
    void PUMP_COUNT(int64_t) nogil
    void PUMP_ADD(int64_t, int64_t) nogil
    int PUMP_SWAP(int, int) nogil
    int PUMP_CALL(uintptr_t, uintptr_t, void *, int *) nogil
    void pump_segment(msghdr *, Segment *, uint16_t) nogil

cdef enum:
    BATCH = 64  # datagrams taken with one recvmmsg
    BUFFER = 2048  # any datagram we accept, plus libsrtp's longest trailer (148 bytes)
    MAX_DATAGRAM = 1500
    OUT_BYTES = 1 << 20
    OUT_PACKETS = 1024
    OUT_FLUSH = 256  # sent between two packets when so many wait
    GROUP = 64  # datagrams to one address that the kernel takes as one; more are refused by older kernels
    GROUP_BYTES = 60000  # of them: below what IP can carry
    LONE = 16  # addresses that took no group, between two batches
    OUT_ROOM = 1500 + 22 + 148 + 16  # the longest packet we make, its trailer, rounding
    MAX_TRACKS = 8  # per path: three kinds, two with retransmissions
    MAX_CONTROL_SOURCES = 32
    MAX_ARRIVALS = 2048  # per path between two looks: more than its burst (Limits.packet_burst) lets in
    MAX_SPAN = 400
    FEEDBACK_ROOM = 2048  # 20 bytes, and at most 2.3 a status; OUT_ROOM holds it too
    CALM_US = 30000
    MAX_FANOUT = 1024  # outputs of one track
    MAX_SINKS = 8
    MAX_MISSING = 256
    MAX_DROPOUT = 3000
    EPOCH_REACH = 8192
    SENT = 64
    SENT_ROOM = 256  # of a datagram of sound: 20 ms at 80 kbit/s
    DEPARTURES = 1024
    WAITING = 256  # packets of one path that pacing holds back
    PATIENCE_NS = 400000000
    BURST_NS = 40000000
    LONGEST_WAIT_NS = 100000000  # between two looks at what waits
    BUSY_NS = 50000000  # how often it is counted whether the port is busy
    BUSY = 100  # datagrams in that time: 2,000 a second, eight calls
    GATHER_NS = 1000000  # a busy port's datagrams are let gather for so long
    RING = 1024  # commands
    MAP = 16384  # addresses; at most half full
    FACT_BYTES = 1 << 20
    FACT_SHARE = 3 << 17  # of them for what strangers send, and as much for what legs report and ask
    FACTS_PER_TURN = 256  # told at a time: then timers and other sockets get their turn
    MAX_RESENDS = 64  # of one call
    CHUNK = 32 << 10
    MAX_CHUNKS = 128  # per sink: 4 MB that its reader has not taken

cdef int64_t WRAP_US = <int64_t>64000 << 24

cdef enum Kind:
    AUDIO = 0
    VIDEO = 1
    PREVIEW = 2

cdef enum Order:
    IN_ORDER = 0
    LATE = 1
    DUPLICATE = 2

cdef enum Drop:
    D_NOT_AUTHENTIC
    D_TOO_FAST
    D_MALFORMED
    D_PAYLOAD_TYPE
    D_DUPLICATE
    D_CONTROL_SOURCES
    D_NOT_PROTECTED
    D_NOT_SENT
    D_SOCKET
    D_FACTS
    D_SINK
    D_TABLE
    D_MEMORY
    D_ARRIVALS
    D_GATE
    D_PROBE
    D_GONE
    D_PACED
    D_OVERTAKEN
    DROPS

_DROP_NAMES = (
    "not authentic", "too fast", "malformed", "payload type", "duplicate", "too many control sources",
    "not protected", "not sent", "socket error", "facts not read", "tap not read", "table full", "no memory",
    "arrivals not read", "gate shut", "probe", "leg gone", "paced too long", "overtaken while paced",
)
assert len(_DROP_NAMES) == DROPS

cdef enum FactKind:
    F_DATAGRAM
    F_CONTROL
    F_STRANGER
    F_KEYFRAME

cdef enum Op:
    C_MAP
    C_UNMAP
    C_ADDRESS
    C_OPEN
    C_WAIT
    C_UNWAIT
    C_DETACH
    C_FEED
    C_UNFEED
    C_REFILL
    C_ANNOUNCE

cdef struct CTrack
cdef struct COutput
cdef struct CPath

cdef struct CKept:
    uint8_t *payload  # `home`, or a block of its own for a packet that is larger than that
    uint8_t *home  # `room` bytes of its cache's one block
    uint32_t timestamp
    uint16_t room
    uint16_t capacity
    uint16_t size
    uint16_t sequence
    uint8_t second
    bint used

cdef struct CHole:
    int64_t next
    uint16_t sequence
    uint16_t asked

cdef struct CChunk:
    CChunk *next
    int size
    uint8_t data[CHUNK + BUFFER + 16]

cdef struct CSink:
    int references
    int chunks
    CChunk *first
    CChunk *last

cdef struct CArrival:
    int64_t at
    uint16_t sequence

cdef struct CDeparture:
    int64_t at
    uint16_t sequence
    uint16_t size  # 0: none
    uint32_t unused

cdef struct CWaiting:
    COutput *output
    int64_t since
    uint32_t splices
    uint16_t sequence

cdef struct CFeed:
    CSink *sink
    uint8_t number

cdef struct CEpoch:
    CTrack *source
    uint32_t timestamp
    uint16_t first
    uint16_t first_out
    uint16_t sequence
    uint16_t picture
    uint8_t tl0
    bint rewrites

cdef struct CPath:
    int references
    PyObject *owner  # borrowed; NULL once the Python object is gone
    uintptr_t rx  # 0 once the sessions are gone
    uintptr_t tx
    Address address
    bint reachable
    uint8_t congestion_tag
    int n_tracks
    int n_control
    int n_arrivals
    int64_t feedback_every  # 0: its sender is not told of arrivals
    int64_t feedback_at
    uint32_t feedback_ssrc
    uint32_t feedback_source
    int feedback_next  # the transport-wide sequence that the next one starts with, -1: what comes first
    uint8_t feedbacks
    int64_t calm_until
    int64_t calm_us
    uint16_t wide_sequence
    int64_t heard
    int64_t packets_left
    int64_t octets_left
    int64_t resend_octets_left
    int64_t bytes_in
    int64_t bytes_out
    CArrival *arrivals
    CDeparture *departures
    uint64_t batch  # the last one that it has a group in, and which
    int group
    bint lone  # its road takes no group
    int64_t pace_rate
    int64_t pace_free_at
    int64_t pace_lost
    CWaiting *waiting  # a ring of WAITING
    int first_waiting
    int n_waiting
    bint listed  # among the pump's paced ones
    uint64_t needy  # something happened that its reports must see before their time
    CPath *next_paced
    CTrack *tracks[MAX_TRACKS]
    uint32_t control[MAX_CONTROL_SOURCES]

cdef struct CTrack:
    int references
    PyObject *owner
    uint32_t ssrc
    int kind
    int clock_rate
    uint8_t payload_type
    bint open
    bint started
    CTrack *primary
    COutput **outputs
    int n_outputs
    int outputs_room
    COutput **waiting
    int n_waiting
    int waiting_room
    int n_feeds
    int n_missing
    CFeed feeds[MAX_SINKS]
    CKept *history
    int mask  # -1: none
    int expected
    int64_t base
    int64_t cycles
    int64_t received
    int64_t repaired
    int64_t bytes
    uint32_t highest_timestamp
    int64_t last_arrival
    double transit
    double jitter
    CHole missing[MAX_MISSING]

cdef struct COutput:
    int references
    CPath *path
    CTrack *awaited  # in whose list of waiting outputs it stands; that list holds the reference
    int kind
    int clock_rate
    uint32_t ssrc
    uint32_t rtx_ssrc
    uint8_t payload_type
    uint8_t rtx_payload_type
    uint8_t wide
    bint has_rtx
    bint started
    bint spliced
    bint filled
    CEpoch epoch  # the current one, or the last while nobody fills it
    uint32_t splices  # how many there were: tells one epoch from all others
    uint16_t rtx_sequence
    uint16_t last_sequence
    uint32_t last_timestamp
    int64_t last_arrival
    uint16_t last_picture
    uint8_t last_tl0
    int64_t packets
    int64_t octets
    int64_t resent
    CKept *sent  # without RTX: the very datagrams

cdef struct CCommand:
    int op
    int number
    void *a
    void *b
    Address address
    int64_t values[5]

cdef struct CFact:  # followed by `size` bytes, rounded up to 8
    int kind
    int size
    void *node
    int64_t now
    uint32_t ssrc
    Address address

cdef struct CStart:
    bint start
    bint keyframe
    int picture_id  # -1: none
    int picture_bits
    int tl0  # -1: none

cdef struct CSlot:
    CPath *path  # NULL: free
    Address address

cdef struct CGroup:  # datagrams to one address, of one size but the last, which may be smaller
    Address address
    int first
    int last
    int packets
    int bytes
    int size

cdef struct COut:  # packets made and not yet handed to the kernel
    uint8_t *bytes
    int used
    int packets
    iovec made[OUT_PACKETS]  # in the order in which they were made
    int next[OUT_PACKETS]  # of the same group; -1: the last
    int groups
    CGroup group[OUT_PACKETS]
    uint64_t batch  # no two batches of a pump have the same number
    # as the kernel wants them
    mmsghdr headers[OUT_PACKETS]
    iovec parts[OUT_PACKETS]
    Segment segments[OUT_PACKETS]
    mmsghdr singly[GROUP]
    int alone  # addresses that the next batch will not group for
    Address lone[LONE]

cdef struct CPump:
    pthread_mutex_t mutex
    int fd
    int family
    int event
    bint stop
    bint capture  # a test's: keep what would be sent
    bint woken  # the event was written and not read yet
    bint urgent
    int64_t ahead  # of the machine's monotonic clock; tests turn theirs
    int64_t now  # under the mutex: when what is handled came
    CPath *first_paced  # whose packets wait, in order
    CPath *last_paced
    int64_t due  # when the first of them may leave
    uintptr_t protect
    uintptr_t unprotect
    uintptr_t protect_control
    uintptr_t unprotect_control
    int64_t drops[DROPS]
    int64_t datagrams_in
    int64_t datagrams_out
    int64_t receives
    int64_t sends
    int64_t groups
    int64_t copied
    # commands: posted by Python under the GIL, applied under the mutex
    uint64_t posted
    uint64_t applied
    CCommand ring[RING]
    # facts: filled[active] by the thread under the mutex
    uint8_t *facts[2]
    int fact_size[2]
    int fact_at  # how far the other one was told
    int fact_shares[2]  # of the active one: used by strangers, by control
    int active
    # addresses
    int mapped
    CSlot map[MAP]
    COut out  # the thread's own, sent without the mutex
    COut aside  # Python's, for retransmissions, under the GIL
    COut *to  # which of the two the holder of the mutex fills
    # what comes in
    uint8_t *into
    mmsghdr in_headers[BATCH]
    iovec in_parts[BATCH]
    Address in_addresses[BATCH]

# --- small things -------------------------------------------------------------------------------------------------

cdef inline void drop(CPump *pump, int why) noexcept nogil:
    PUMP_COUNT(pump.drops[why])  # also while the thread and Python both send, without the mutex

cdef inline uint32_t read32(const uint8_t *at) noexcept nogil:
    return <uint32_t>at[0] << 24 | <uint32_t>at[1] << 16 | <uint32_t>at[2] << 8 | at[3]

cdef inline uint16_t read16(const uint8_t *at) noexcept nogil:
    return <uint16_t>(<uint32_t>at[0] << 8 | at[1])

cdef inline void write32(uint8_t *at, uint32_t value) noexcept nogil:
    at[0] = <uint8_t>(value >> 24)
    at[1] = <uint8_t>(value >> 16)
    at[2] = <uint8_t>(value >> 8)
    at[3] = <uint8_t>value

cdef inline void write16(uint8_t *at, uint32_t value) noexcept nogil:
    at[0] = <uint8_t>(value >> 8)
    at[1] = <uint8_t>value

cdef CKept *make_cache(int count, int room) noexcept nogil:
    """Slots and their rooms in one block: thousands of small ones, freed as calls end, would leave the heap in holes.

    Of the rooms no byte is touched before a packet comes: a track that is never sent costs next to nothing.
    """
    cdef CKept *slots = <CKept *>malloc(count * (sizeof(CKept) + room))
    cdef uint8_t *at = <uint8_t *>(slots + count)
    cdef int i
    if slots == NULL:
        return NULL
    memset(slots, 0, count * sizeof(CKept))
    for i in range(count):
        slots[i].payload = slots[i].home = at + i * room
        slots[i].room = <uint16_t>room
    return slots

cdef inline void settle_home(CKept *slot) noexcept nogil:
    if slot.payload != slot.home:
        free(slot.payload)
        slot.payload = slot.home

cdef bint keep(CKept *slot, const uint8_t *payload, int size) noexcept nogil:
    """Copy `size` bytes into a slot of a cache; what does not fit its room gets a block while it is kept."""
    cdef int wanted = (size + 127) & ~127
    cdef uint8_t *fresh
    if size > BUFFER:
        return False
    if size <= slot.room:
        settle_home(slot)
    elif slot.payload == slot.home or slot.capacity < size:
        fresh = <uint8_t *>malloc(wanted)
        if fresh == NULL:
            slot.used = False
            return False
        settle_home(slot)
        slot.payload = fresh
        slot.capacity = <uint16_t>wanted
    memcpy(slot.payload, payload, size)
    slot.size = <uint16_t>size
    slot.used = True
    return True

cdef void forget_kept(CKept *slots, int count) noexcept nogil:
    cdef int i
    for i in range(count):
        settle_home(&slots[i])
        slots[i].used = False

# --- nodes --------------------------------------------------------------------------------------------------------

cdef void unref_sink(CSink *sink) noexcept nogil:
    cdef CChunk *chunk
    sink.references -= 1
    if sink.references:
        return
    while sink.first != NULL:
        chunk = sink.first
        sink.first = chunk.next
        free(chunk)
    free(sink)

cdef void unref_track(CTrack *track) noexcept nogil:
    cdef int i
    track.references -= 1
    if track.references:
        return
    # No output is left here: one that is filled holds a reference by its epoch, and waiting ones:
    clear_waiting(track)
    for i in range(track.n_outputs):
        unref_output(track.outputs[i])
    for i in range(track.n_feeds):
        unref_sink(track.feeds[i].sink)
    if track.history != NULL:
        forget_kept(track.history, track.mask + 1)
    free(track.history)
    free(track.outputs)
    free(track.waiting)
    if track.primary != NULL:
        unref_track(track.primary)
    free(track)

cdef void unref_path(CPath *path) noexcept nogil:
    cdef int i
    path.references -= 1
    if path.references:
        return
    for i in range(path.n_tracks):
        unref_track(path.tracks[i])
    free(path.arrivals)
    free(path.departures)
    free(path.waiting)
    free(path)

cdef void unref_output(COutput *output) noexcept nogil:
    output.references -= 1
    if output.references:
        return
    if output.epoch.source != NULL:
        unref_track(output.epoch.source)
    if output.sent != NULL:
        forget_kept(output.sent, SENT)
    free(output.sent)
    unref_path(output.path)
    free(output)

cdef bint append_output(COutput ***items, int *count, int *room, COutput *output) noexcept nogil:
    """Takes a reference."""
    cdef COutput **fresh
    cdef int wanted
    if count[0] >= MAX_FANOUT:
        return False
    if count[0] == room[0]:
        wanted = room[0] * 2 or 4
        fresh = <COutput **>realloc(items[0], wanted * sizeof(COutput *))
        if fresh == NULL:
            return False
        items[0] = fresh
        room[0] = wanted
    items[0][count[0]] = output
    count[0] += 1
    output.references += 1
    return True

cdef bint remove_output(COutput **items, int *count, COutput *output) noexcept nogil:
    """Gives back the reference; the caller holds one of its own."""
    cdef int i
    for i in range(count[0]):
        if items[i] == output:
            memmove(&items[i], &items[i + 1], (count[0] - i - 1) * sizeof(COutput *))
            count[0] -= 1
            unref_output(output)
            return True
    return False

# --- the address map: open addressing, linear probing, deletion by shifting back ------------------------------------

cdef inline CPath *find_path(CPump *pump, const Address *address) noexcept nogil:
    cdef uint64_t at = address_hash(address) & (MAP - 1)
    while pump.map[at].path != NULL:
        if address_same(&pump.map[at].address, address):
            return pump.map[at].path
        at = (at + 1) & (MAP - 1)
    return NULL

cdef void map_address(CPump *pump, const Address *address, CPath *path) noexcept nogil:
    cdef uint64_t at = address_hash(address) & (MAP - 1)
    cdef CPath *old
    while pump.map[at].path != NULL:
        if address_same(&pump.map[at].address, address):
            old = pump.map[at].path
            path.references += 1
            pump.map[at].path = path
            unref_path(old)
            return
        at = (at + 1) & (MAP - 1)
    if pump.mapped >= MAP // 2:
        drop(pump, D_TABLE)
        return
    path.references += 1
    pump.map[at].path = path
    pump.map[at].address = address[0]
    pump.mapped += 1

cdef void unmap_address(CPump *pump, const Address *address) noexcept nogil:
    cdef uint64_t at = address_hash(address) & (MAP - 1), next, home
    while True:
        if pump.map[at].path == NULL:
            return
        if address_same(&pump.map[at].address, address):
            break
        at = (at + 1) & (MAP - 1)
    unref_path(pump.map[at].path)
    pump.mapped -= 1
    next = at
    while True:
        next = (next + 1) & (MAP - 1)
        if pump.map[next].path == NULL:
            break
        home = address_hash(&pump.map[next].address) & (MAP - 1)
        if ((next - home) & (MAP - 1)) >= ((next - at) & (MAP - 1)):
            pump.map[at] = pump.map[next]
            at = next
    pump.map[at].path = NULL

# --- VP8 (vp8.py) ---------------------------------------------------------------------------------------------------

cdef bint picture_start(const uint8_t *payload, int size, CStart *start) noexcept nogil:
    """False for an empty or damaged payload."""
    cdef int at = 1
    cdef int extended
    if size == 0:
        return False
    start.picture_id = start.tl0 = -1
    start.picture_bits = 0
    if payload[0] & 0x80:
        if size < 2:
            return False
        extended = payload[1]
        at = 2
        if extended & 0x80:
            if size < 3:
                return False
            if payload[2] & 0x80:
                if size < 4:
                    return False
                start.picture_id = (payload[2] & 0x7F) << 8 | payload[3]
                start.picture_bits = 15
                at += 2
            else:
                start.picture_id = payload[2]
                start.picture_bits = 7
                at += 1
        if extended & 0x40:
            if at >= size:
                return False
            start.tl0 = payload[at]
            at += 1
        if extended & 0x30:
            at += 1
    if at >= size:
        return False
    start.start = payload[0] & 0x17 == 0x10
    start.keyframe = start.start and not payload[at] & 0x01
    if start.keyframe:
        if size < at + 10:
            return False
        if payload[at + 3] != 0x9D or payload[at + 4] != 0x01 or payload[at + 5] != 0x2A:
            return False
    return True

cdef void renumber(CEpoch *epoch, const uint8_t *payload, int size, uint8_t *into) noexcept nogil:
    cdef CStart start
    cdef int picture
    cdef uint8_t *at = into + 2
    if not picture_start(payload, size, &start) or start.picture_id < 0:
        return
    picture = (start.picture_id + epoch.picture) & 0x7FFF
    if start.picture_bits == 15:
        at[0] = <uint8_t>(0x80 | picture >> 8)
        at[1] = <uint8_t>picture
        at += 2
    else:
        at[0] = picture & 0x7F
        at += 1
    if start.tl0 >= 0:
        at[0] = <uint8_t>(start.tl0 + epoch.tl0)

# --- outgoing -------------------------------------------------------------------------------------------------------

cdef void send_singly(CPump *pump, COut *out, msghdr *whole) noexcept nogil:
    """A group that its road does not take as one."""
    cdef int i, at = 0, done, count = <int>whole.msg_iovlen
    for i in range(count):
        out.singly[i].msg_hdr = whole[0]
        out.singly[i].msg_hdr.msg_iov = &whole.msg_iov[i]
        out.singly[i].msg_hdr.msg_iovlen = 1
        out.singly[i].msg_hdr.msg_control = NULL
        out.singly[i].msg_hdr.msg_controllen = 0
    while at < count:
        done = sendmmsg(pump.fd, &out.singly[at], count - at, MSG_DONTWAIT)
        PUMP_COUNT(pump.sends)
        if done > 0:
            at += done
        elif done == 0 or errno != EINTR:
            drop(pump, D_NOT_SENT)
            at += 1

cdef void lay_out(COut *out) noexcept nogil:
    """The groups as messages: their datagrams stand together, in the order in which they were made."""
    cdef int g, i, part = 0
    cdef msghdr *header
    for g in range(out.groups):
        header = &out.headers[g].msg_hdr
        header.msg_name = &out.group[g].address
        header.msg_namelen = address_size(&out.group[g].address)
        header.msg_iov = &out.parts[part]
        header.msg_iovlen = out.group[g].packets
        header.msg_control = NULL
        header.msg_controllen = 0
        if out.group[g].packets > 1:
            pump_segment(header, &out.segments[g], <uint16_t>out.group[g].size)
        i = out.group[g].first
        while i >= 0:
            out.parts[part] = out.made[i]
            part += 1
            i = out.next[i]

cdef void begin_batch(COut *out) noexcept nogil:
    out.packets = out.groups = out.used = 0
    out.batch += 2  # the thread's are odd, Python's even

cdef void flush(CPump *pump, COut *out) noexcept nogil:
    """Hand everything made so far to the kernel; what it does not take is dropped and counted."""
    cdef int at = 0, done, i
    if pump.capture:
        return
    if out.packets:
        lay_out(out)
        PUMP_ADD(pump.groups, out.groups)
    while at < out.groups:
        done = sendmmsg(pump.fd, &out.headers[at], out.groups - at, MSG_DONTWAIT)
        PUMP_COUNT(pump.sends)
        if done > 0:
            at += done
            continue
        if done < 0 and errno == EINTR:
            continue
        if out.group[at].packets > 1 and (errno == EINVAL or errno == EIO or errno == EMSGSIZE):
            # No such option, a device that cannot sum, a smaller MTU: sent as ever, and no more groups for it.
            send_singly(pump, out, &out.headers[at].msg_hdr)
            if out.alone < LONE:
                out.lone[out.alone] = out.group[at].address
                out.alone += 1
        else:  # a full send buffer or a vanished route: the receiver asks again
            for i in range(out.group[at].packets):
                drop(pump, D_NOT_SENT)
        at += 1
    begin_batch(out)

cdef uint8_t *room(CPump *pump, COut *out) noexcept nogil:
    """Where the next packet may be made; NULL only while a test takes what is sent and forgot to."""
    if out.packets == OUT_PACKETS or out.used + OUT_ROOM > OUT_BYTES:
        if pump.capture:
            return NULL
        flush(pump, out)
    return out.bytes + out.used

cdef void mark_lone(CPump *pump, COut *out) noexcept nogil:
    """Under the mutex, which flush() does not hold."""
    cdef CPath *path
    while out.alone:
        out.alone -= 1
        path = find_path(pump, &out.lone[out.alone])
        if path != NULL:
            path.lone = True

cdef void queue(CPump *pump, COut *out, int size, CPath *path) noexcept nogil:
    """Datagrams to one address go to the kernel as one where their sizes allow it: most of what a packet costs is
    its way through the kernel, which a group goes once. To one address they keep their order."""
    cdef int i = out.packets
    cdef CGroup *group
    if out.alone:
        mark_lone(pump, out)
    out.made[i].iov_base = out.bytes + out.used
    out.made[i].iov_len = size
    out.next[i] = -1
    out.used += (size + 15) & ~15
    out.packets += 1
    if path.batch == out.batch and not path.lone:
        group = &out.group[path.group]
        if (
            group.packets < GROUP and size <= group.size and <int>out.made[group.last].iov_len == group.size
            and group.bytes + size <= GROUP_BYTES and address_same(&group.address, &path.address)
        ):
            out.next[group.last] = i
            group.last = i
            group.packets += 1
            group.bytes += size
            return
    path.batch, path.group = out.batch, out.groups
    group = &out.group[out.groups]
    group.address = path.address
    group.first = group.last = i
    group.packets = 1
    group.bytes = group.size = size
    out.groups += 1

cdef int protect_and_queue(CPump *pump, COut *out, CPath *path, uint8_t *packet, int end) noexcept nogil:
    """The datagram's size, 0 where it could not be made."""
    cdef int size = end
    if path.tx == 0 or PUMP_CALL(pump.protect, path.tx, packet, &size):
        drop(pump, D_NOT_PROTECTED)
        return 0
    path.bytes_out += size
    pump.datagrams_out += 1
    if path.reachable:
        queue(pump, out, size, path)
    else:
        drop(pump, D_NOT_SENT)
    return size

cdef void depart(CPump *pump, CPath *path, int size) noexcept nogil:
    cdef CDeparture *entry
    path.wide_sequence += 1
    if path.departures == NULL:
        path.departures = <CDeparture *>calloc(DEPARTURES, sizeof(CDeparture))
        if path.departures == NULL:
            drop(pump, D_MEMORY)
            return
    entry = &path.departures[path.wide_sequence & (DEPARTURES - 1)]
    entry.at, entry.sequence, entry.size = pump.now, path.wide_sequence, <uint16_t>size

cdef int write_header(
    CPump *pump, CPath *path, COutput *output, uint8_t *packet, uint8_t second, uint32_t sequence, uint32_t timestamp,
    uint32_t ssrc, int size
) noexcept nogil:
    """`size` of what follows the header."""
    packet[1] = second
    write16(packet + 2, sequence)
    write32(packet + 4, timestamp)
    write32(packet + 8, ssrc)
    if not output.wide:
        packet[0] = 0x80
        return 12
    packet[0] = 0x90
    depart(pump, path, 20 + size)
    write32(packet + 12, 0xBEDE0001)
    packet[16] = output.wide
    write16(packet + 17, path.wide_sequence)
    packet[19] = 0
    return 20

cdef void age(CEpoch *epoch, uint16_t sequence) noexcept nogil:
    """outputs.py's age()."""
    cdef int step = <uint16_t>(sequence - epoch.first_out) - EPOCH_REACH
    epoch.first = <uint16_t>(epoch.first + step)
    epoch.first_out = <uint16_t>(epoch.first_out + step)

# pacing.py, and the part of sender.py that uses it

cdef inline void charge(CPath *path, int size, int64_t now) noexcept nogil:
    path.pace_free_at = max(path.pace_free_at, now - BURST_NS) + 8 * <int64_t>1000000000 * size // path.pace_rate

cdef void list_paced(CPump *pump, CPath *path) noexcept nogil:
    if path.listed:
        return
    path.listed = True
    path.references += 1
    path.next_paced = NULL
    if pump.last_paced == NULL:
        pump.first_paced = path
    else:
        pump.last_paced.next_paced = path
    pump.last_paced = path
    if pump.due == 0 or path.pace_free_at < pump.due:
        pump.due = path.pace_free_at

cdef bint leaves(CPump *pump, COutput *output, uint16_t sequence, int size) noexcept nogil:
    cdef CPath *path = output.path
    cdef CWaiting *entry
    if output.kind == AUDIO or path.n_waiting == 0 and path.pace_free_at <= pump.now:
        charge(path, size, pump.now)
        return True
    if path.waiting == NULL:
        path.waiting = <CWaiting *>calloc(WAITING, sizeof(CWaiting))
    if path.waiting == NULL or path.n_waiting >= WAITING:
        drop(pump, D_PACED)
        path.pace_lost += 1
        PUMP_STORE(path.needy, 1)
        return False
    entry = &path.waiting[(path.first_waiting + path.n_waiting) & (WAITING - 1)]
    path.n_waiting += 1
    output.references += 1
    entry.output, entry.since, entry.splices, entry.sequence = output, pump.now, output.splices, sequence
    list_paced(pump, path)
    return False

cdef void release_path(CPump *pump, CPath *path) noexcept nogil:
    cdef CWaiting entry
    cdef CKept *kept
    while path.n_waiting:
        entry = path.waiting[path.first_waiting]
        if pump.now - entry.since > PATIENCE_NS:
            drop(pump, D_PACED)
            path.pace_lost += 1
            PUMP_STORE(path.needy, 1)
        elif path.pace_rate and path.pace_free_at > pump.now:
            return
        elif entry.output.filled and entry.output.splices == entry.splices:
            kept = find_kept(entry.output.epoch.source, entry.sequence)
            if kept != NULL:
                if path.pace_rate:
                    charge(path, kept.size, pump.now)
                send_now(
                    pump, entry.output, kept.sequence, kept.timestamp, kept.second, kept.payload, kept.size
                )
            else:
                drop(pump, D_OVERTAKEN)
        else:
            drop(pump, D_OVERTAKEN)
        path.first_waiting = (path.first_waiting + 1) & (WAITING - 1)
        path.n_waiting -= 1
        unref_output(entry.output)

cdef void release(CPump *pump) noexcept nogil:
    """Under the mutex: send what waited long enough."""
    cdef CPath *path = pump.first_paced
    cdef CPath *next
    pump.first_paced = pump.last_paced = NULL
    pump.due = 0
    while path != NULL:
        next = path.next_paced
        release_path(pump, path)
        path.listed = False
        if path.n_waiting:
            list_paced(pump, path)
        unref_path(path)
        path = next

cdef void forget_waiting(CPath *path) noexcept nogil:
    """Under the mutex; the caller holds a reference."""
    cdef COutput *output
    while path.n_waiting:
        output = path.waiting[path.first_waiting].output
        path.first_waiting = (path.first_waiting + 1) & (WAITING - 1)
        path.n_waiting -= 1
        unref_output(output)

cdef void send_packet(
    CPump *pump, COutput *output, uint16_t source_sequence, uint32_t timestamp, uint8_t second,
    const uint8_t *payload, int size
) noexcept nogil:
    if output.path.pace_rate and not leaves(pump, output, source_sequence, size):
        return
    send_now(pump, output, source_sequence, timestamp, second, payload, size)

cdef void send_now(
    CPump *pump, COutput *output, uint16_t source_sequence, uint32_t timestamp, uint8_t second,
    const uint8_t *payload, int size
) noexcept nogil:
    cdef CEpoch *epoch = &output.epoch
    cdef CPath *path = output.path
    cdef uint16_t sequence = <uint16_t>(source_sequence + epoch.sequence)
    cdef uint8_t *packet = room(pump, pump.to)
    cdef int start, end, made
    cdef CKept *slot
    if packet == NULL:
        drop(pump, D_NOT_SENT)
        return
    if <uint16_t>(sequence - epoch.first_out) >= 2 * EPOCH_REACH:
        age(epoch, sequence)
    start = write_header(
        pump, path, output, packet, second & 0x80 | output.payload_type, sequence, timestamp + epoch.timestamp,
        output.ssrc, size
    )
    end = start + size
    memcpy(packet + start, payload, size)
    pump.copied += size
    if epoch.rewrites:
        renumber(epoch, payload, size, packet + start)
    output.packets += 1
    output.octets += size
    path.resend_octets_left += end >> 2
    made = protect_and_queue(pump, pump.to, path, packet, end)
    if output.sent != NULL and made:
        slot = &output.sent[sequence % SENT]
        slot.sequence = sequence
        pump.copied += made
        if not keep(slot, packet, made):
            drop(pump, D_MEMORY)

cdef int resend_packet(CPump *pump, COutput *output, uint16_t sequence) noexcept nogil:
    """sender.py's resend()."""
    cdef COut *out = &pump.aside
    cdef CPath *path = output.path
    cdef CEpoch *epoch = &output.epoch
    cdef CKept *kept
    cdef uint8_t *packet
    cdef int start
    if not output.filled or (sequence - epoch.first_out) & 0x8000:  # outputs.py's covers()
        return 0
    if output.sent != NULL:
        kept = &output.sent[sequence % SENT]
        if not kept.used or kept.sequence != sequence:
            return 0
        packet = room(pump, out)
        if packet == NULL or not path.reachable:
            return 0
        memcpy(packet, kept.payload, kept.size)
        output.resent += 1
        path.bytes_out += kept.size
        pump.datagrams_out += 1
        queue(pump, out, kept.size, path)
        path.resend_octets_left -= kept.size
        return kept.size
    kept = find_kept(epoch.source, <uint16_t>(sequence - epoch.sequence))
    packet = room(pump, out)
    if kept == NULL or packet == NULL:
        return 0
    output.resent += 1
    if path.pace_rate:
        charge(path, kept.size, pump.now)
    output.rtx_sequence += 1
    start = write_header(
        pump, path, output, packet, kept.second & 0x80 | output.rtx_payload_type, output.rtx_sequence,
        kept.timestamp + epoch.timestamp, output.rtx_ssrc, 2 + kept.size
    )
    write16(packet + start, sequence)
    start += 2
    memcpy(packet + start, kept.payload, kept.size)
    if epoch.rewrites:
        renumber(epoch, kept.payload, kept.size, packet + start)
    protect_and_queue(pump, out, path, packet, start + kept.size)
    path.resend_octets_left -= kept.size
    return kept.size

# --- outputs and their sources (table.py) ---------------------------------------------------------------------------

cdef inline CKept *find_kept(CTrack *track, uint16_t sequence) noexcept nogil:
    cdef CKept *slot
    if track.mask < 0:
        return NULL
    slot = &track.history[sequence & track.mask]
    return slot if slot.used and slot.sequence == sequence else NULL

cdef void detach(COutput *output) noexcept nogil:
    cdef CEpoch *epoch
    cdef CTrack *source
    cdef CKept *kept
    cdef CStart start
    if not output.filled:
        return
    output.filled = False
    epoch = &output.epoch
    source = epoch.source
    remove_output(source.outputs, &source.n_outputs, output)
    output.last_sequence = <uint16_t>(source.expected - 1 + epoch.sequence)
    output.last_timestamp = source.highest_timestamp + epoch.timestamp
    output.last_arrival = source.last_arrival
    kept = find_kept(source, <uint16_t>(source.expected - 1))
    if source.kind != AUDIO and kept != NULL and picture_start(kept.payload, kept.size, &start):
        output.last_picture = (max(0, start.picture_id) + epoch.picture) & 0x7FFF
        output.last_tl0 = <uint8_t>(max(0, start.tl0) + epoch.tl0)

cdef void splice(COutput *output, CTrack *source, CKept *kept, int64_t now) noexcept nogil:
    cdef CEpoch fresh
    cdef CStart start
    cdef CEpoch *previous = &output.epoch
    memset(&fresh, 0, sizeof(CEpoch))
    fresh.source = source
    fresh.first = kept.sequence
    fresh.first_out = <uint16_t>(output.last_sequence + 1)
    fresh.sequence = <uint16_t>(fresh.first_out - kept.sequence)
    if output.started:
        if previous.source == source:  # its own clock went on meanwhile
            fresh.timestamp = previous.timestamp
        else:
            fresh.timestamp = (
                output.last_timestamp + pump_elapsed(output.last_arrival, now, output.clock_rate) - kept.timestamp
            )
        if source.kind != AUDIO and picture_start(kept.payload, kept.size, &start) and start.picture_id >= 0:
            fresh.picture = (output.last_picture + 1 - start.picture_id) & 0x7FFF
            if start.tl0 >= 0:
                fresh.tl0 = <uint8_t>(output.last_tl0 + 1 - start.tl0)
    fresh.rewrites = fresh.picture != 0 or fresh.tl0 != 0
    source.references += 1
    if previous.source != NULL:
        unref_track(previous.source)
    output.epoch = fresh
    output.splices += 1
    output.filled = output.started = output.spliced = True
    PUMP_STORE(output.path.needy, 1)

cdef void clear_waiting(CTrack *track) noexcept nogil:
    cdef COutput *output
    while track.n_waiting:
        track.n_waiting -= 1
        output = track.waiting[track.n_waiting]
        output.awaited = NULL
        unref_output(output)

cdef void unwait(COutput *output) noexcept nogil:
    """The caller holds a reference to the output."""
    cdef CTrack *track = output.awaited
    if track != NULL:
        output.awaited = NULL
        remove_output(track.waiting, &track.n_waiting, output)

cdef void await_track(CPump *pump, CTrack *track, COutput *output) noexcept nogil:
    """In one place only, or an old source could take it back; the caller holds a reference to the output."""
    unwait(output)
    if append_output(&track.waiting, &track.n_waiting, &track.waiting_room, output):
        output.awaited = track
    else:
        drop(pump, D_TABLE)

cdef void shut(CTrack *track) noexcept nogil:
    """The caller holds a reference to the track."""
    cdef COutput *output
    track.open = False
    while track.n_outputs:
        output = track.outputs[0]
        output.references += 1
        detach(output)
        if track.n_outputs and track.outputs[0] == output:  # not filled: cannot be, but must not loop
            remove_output(track.outputs, &track.n_outputs, output)
        unref_output(output)
    clear_waiting(track)
    if track.history != NULL:
        forget_kept(track.history, track.mask + 1)

# --- facts ----------------------------------------------------------------------------------------------------------

cdef void tell(
    CPump *pump, int kind, void *node, const uint8_t *data, int size, const Address *address, uint32_t ssrc, int64_t now
) noexcept nogil:
    cdef int used = pump.fact_size[pump.active]
    cdef int whole = <int>sizeof(CFact) + ((size + 7) & ~7)
    cdef CFact *fact
    cdef int *share = NULL
    # Anybody can send datagrams, and all legs together ask for much when packets are lost: both must leave room for
    # keyframes and for the checks of connected legs.
    if kind == F_CONTROL or kind == F_STRANGER:
        share = &pump.fact_shares[1]
    elif kind == F_DATAGRAM and find_path(pump, address) == NULL:
        share = &pump.fact_shares[0]
    if used + whole > FACT_BYTES or share != NULL and share[0] + whole > FACT_SHARE:
        drop(pump, D_FACTS)
        return
    if share != NULL:
        share[0] += whole
    fact = <CFact *>(pump.facts[pump.active] + used)
    fact.kind, fact.size, fact.node, fact.now, fact.ssrc = kind, size, node, now, ssrc
    if address != NULL:
        fact.address = address[0]
    if node != NULL:
        if kind == F_KEYFRAME:
            (<CTrack *>node).references += 1
        else:
            (<CPath *>node).references += 1
    if size:
        memcpy(<uint8_t *>fact + sizeof(CFact), data, size)
    pump.fact_size[pump.active] = used + whole

cdef bint hurried(const uint8_t *data, int size) noexcept nogil:
    """Whether control wants an answer now; reports can wait for the beat, they carry their arrival."""
    cdef int at = 0, kind, words
    while at + 4 <= size:
        kind = data[at + 1]
        if not (200 <= kind <= 202 or kind == 205 and data[at] & 31 == 15):
            return True
        at += 4 + 4 * ((<int>data[at + 2] << 8) | data[at + 3])
    return at != size

cdef void wake(CPump *pump) noexcept nogil:
    cdef uint64_t one = 1
    if not PUMP_SWAP(pump.woken, True):
        c_write(pump.event, &one, 8)

# --- taps -----------------------------------------------------------------------------------------------------------

cdef void put_record(
    CPump *pump, CSink *sink, int kind, uint8_t number, int64_t now,
    const uint8_t *head, int head_size, const uint8_t *body, int size
) noexcept nogil:
    """`<HBBIq` and the payload (head and body together), little-endian by hand."""
    cdef CChunk *chunk = sink.last
    cdef int whole = 16 + head_size + size
    cdef uint8_t *at
    cdef uint64_t time = <uint64_t>now
    cdef int i
    if whole > BUFFER + 16:
        drop(pump, D_SINK)
        return
    if chunk == NULL or chunk.size >= CHUNK:
        if sink.chunks >= MAX_CHUNKS:
            drop(pump, D_SINK)
            return
        chunk = <CChunk *>malloc(sizeof(CChunk))
        if chunk == NULL:
            drop(pump, D_MEMORY)
            return
        chunk.next = NULL
        chunk.size = 0
        if sink.last == NULL:
            sink.first = chunk
        else:
            sink.last.next = chunk
        sink.last = chunk
        sink.chunks += 1
    at = chunk.data + chunk.size
    at[0] = whole & 0xFF
    at[1] = <uint8_t>(whole >> 8)
    at[2] = <uint8_t>kind
    at[3] = number
    memset(at + 4, 0, 4)
    for i in range(8):
        at[8 + i] = <uint8_t>(time >> (8 * i))
    memcpy(at + 16, head, head_size)
    memcpy(at + 16 + head_size, body, size)
    chunk.size += whole
    pump.copied += whole

# --- incoming (forwarder.py) ----------------------------------------------------------------------------------------

cdef void advance(CTrack *track, int sequence) noexcept nogil:
    if sequence + 1 < track.expected:
        track.cycles += 0x10000
    track.expected = (sequence + 1) & 0xFFFF
    if track.expected == 0:
        track.cycles += 0x10000

cdef int find_hole(CTrack *track, uint16_t sequence) noexcept nogil:
    cdef int i
    for i in range(track.n_missing):
        if track.missing[i].sequence == sequence:
            return i
    return -1

cdef void remove_hole(CTrack *track, int i) noexcept nogil:
    track.n_missing -= 1
    memmove(&track.missing[i], &track.missing[i + 1], (track.n_missing - i) * sizeof(CHole))

cdef void begin_anew(CPump *pump, CTrack *track) noexcept nogil:
    """table.py's _begin_anew()."""
    cdef COutput *output
    while track.n_outputs:
        output = track.outputs[0]
        output.references += 1
        detach(output)
        if track.n_outputs and track.outputs[0] == output:  # not filled: cannot be, but must not loop
            remove_output(track.outputs, &track.n_outputs, output)
        if output.awaited == NULL:  # else it is on its way to another
            await_track(pump, track, output)
        unref_output(output)
    track.n_missing = 0

cdef int misordered(CPump *pump, CTrack *track, uint16_t sequence) noexcept nogil:
    cdef int ahead = (sequence - track.expected) & 0xFFFF
    cdef int i, at
    if not track.started or MAX_DROPOUT <= ahead < 0x10000 - MAX_DROPOUT:
        begin_anew(pump, track)
        track.started = True
        track.base = track.expected = sequence
        track.cycles = track.received = track.repaired = 0
        advance(track, sequence)
        return IN_ORDER
    if ahead >= 0x8000:
        at = find_hole(track, sequence)
        if at < 0:
            return DUPLICATE
        remove_hole(track, at)
        return LATE
    if ahead + track.n_missing <= MAX_MISSING:
        for i in range(ahead):
            at = find_hole(track, <uint16_t>(track.expected + i))
            if at < 0:
                at = track.n_missing
                track.n_missing += 1
            track.missing[at].sequence = <uint16_t>(track.expected + i)
            track.missing[at].next = 0
            track.missing[at].asked = 0
    else:
        begin_anew(pump, track)
    advance(track, sequence)
    return IN_ORDER

cdef void let_in(CPump *pump, CTrack *track, CKept *kept, int64_t now) noexcept nogil:
    """forwarder.py's _splice()."""
    cdef COutput *output
    cdef CStart start
    cdef int i, count
    if track.kind != AUDIO:
        if not picture_start(kept.payload, kept.size, &start) or not start.keyframe:
            return
        tell(pump, F_KEYFRAME, track, NULL, 0, NULL, 0, now)
    count = track.n_waiting
    for i in range(count):
        output = track.waiting[i]
        detach(output)
        splice(output, track, kept, now)
        if not append_output(&track.outputs, &track.n_outputs, &track.outputs_room, output):
            output.filled = False
            drop(pump, D_TABLE)
    clear_waiting(track)

cdef void accept(
    CPump *pump, CTrack *track, uint16_t sequence, uint32_t timestamp, uint8_t second,
    const uint8_t *payload, int payload_size, const uint8_t *packet, int size, int64_t now
) noexcept nogil:
    """One new packet of a track; `size` of the original, 0 where it came as a retransmission."""
    cdef int order = IN_ORDER
    cdef int i
    cdef double transit, difference
    cdef COutput *output
    cdef CKept *kept
    cdef uint8_t head[12]
    if sequence == track.expected:
        track.expected = sequence + 1
        if sequence == 0xFFFF:
            track.expected = 0
            track.cycles += 0x10000
    else:
        order = misordered(pump, track, sequence)
        if order == DUPLICATE:
            drop(pump, D_DUPLICATE)
            return
    track.received += 1
    if not size:
        track.repaired += 1
    track.bytes += payload_size
    if order == IN_ORDER:
        track.highest_timestamp = timestamp
        track.last_arrival = now
        transit = pump_transit(now, track.clock_rate, timestamp)
        difference = transit - track.transit
        if difference < 0:
            difference = -difference
        track.transit = transit
        if difference < track.clock_rate:
            track.jitter += (difference - track.jitter) / 16
    if not track.open or track.mask < 0:
        drop(pump, D_GATE)
        return
    kept = &track.history[sequence & track.mask]
    kept.sequence, kept.timestamp, kept.second = sequence, timestamp, second
    pump.copied += payload_size
    if not keep(kept, payload, payload_size):
        drop(pump, D_MEMORY)
        return
    if track.n_waiting:
        let_in(pump, track, kept, now)
    for i in range(track.n_outputs):
        output = track.outputs[i]
        if output.filled and not (
            order == LATE and (sequence - output.epoch.first) & 0x8000
        ):
            send_packet(pump, output, sequence, timestamp, second, payload, payload_size)
    if not track.n_feeds:
        return
    if not size:
        head[0] = 0x80
        head[1] = second
        write16(head + 2, sequence)
        write32(head + 4, timestamp)
        write32(head + 8, track.ssrc)
    for i in range(track.n_feeds):
        if size:
            put_record(pump, track.feeds[i].sink, 1, track.feeds[i].number, now, packet, size, packet, 0)
        else:
            put_record(pump, track.feeds[i].sink, 1, track.feeds[i].number, now, head, 12, payload, payload_size)

cdef void note_arrival(CPump *pump, CPath *path, uint16_t sequence, int64_t now) noexcept nogil:
    if path.arrivals == NULL:
        path.arrivals = <CArrival *>malloc(MAX_ARRIVALS * sizeof(CArrival))
    if path.arrivals == NULL or path.n_arrivals >= MAX_ARRIVALS:
        drop(pump, D_ARRIVALS)
        return
    path.arrivals[path.n_arrivals].sequence = sequence
    path.arrivals[path.n_arrivals].at = now
    path.n_arrivals += 1
    if path.feedback_every and now - path.feedback_at >= path.feedback_every:
        send_feedback(pump, path, now)

cdef bint find_congestion(CPump *pump, CPath *path, const uint8_t *packet, int size, int64_t now) noexcept nogil:
    """The transport-wide sequence where another element comes first; False: malformed (RFC 8285 4.2, 4.3)."""
    cdef int wanted = path.congestion_tag >> 4
    cdef int at = 12 + ((packet[0] & 0x0F) << 2)
    cdef int end, found, length, profile
    if packet[0] >> 6 != 2 or size < at + 4:
        return False
    profile = read16(packet + at)
    end = at + 4 + 4 * read16(packet + at + 2)
    at += 4
    if end > size:
        return False
    if packet[0] & 0x20 and not 1 <= packet[size - 1] <= size - end:
        return False
    if profile == 0xBEDE:
        while at < end:
            found = packet[at] >> 4
            length = (packet[at] & 0x0F) + 1
            at += 1
            if packet[at - 1] == 0:
                continue
            if found == 15:
                return True
            if at + length > end:
                return False
            if found == wanted:
                if length >= 2:
                    note_arrival(pump, path, read16(packet + at), now)
                return True
            at += length
    elif profile & 0xFFF0 == 0x1000:
        while at < end:
            found = packet[at]
            at += 1
            if found == 0:
                continue
            if at >= end or at + 1 + packet[at] > end:
                return False
            length = packet[at]
            at += 1
            if found == wanted:
                if length >= 2:
                    note_arrival(pump, path, read16(packet + at), now)
                return True
            at += length
    return True

cdef void send_feedback(CPump *pump, CPath *path, int64_t now) noexcept nogil:
    cdef uint8_t *packet = room(pump, pump.to)
    cdef int size
    if packet == NULL:
        return
    size = take_feedback(path, packet, now)
    if not size:
        return
    if path.tx == 0 or PUMP_CALL(pump.protect_control, path.tx, packet, &size):
        drop(pump, D_NOT_PROTECTED)
        return
    pump.datagrams_out += 1
    if path.reachable:
        queue(pump, pump.to, size, path)
    else:
        drop(pump, D_NOT_SENT)

cdef int take_feedback(CPath *path, uint8_t *into, int64_t now) noexcept nogil:
    """path.py's: the packet's size, 0 where there is none."""
    cdef int size
    path.feedback_at = now
    if not path.n_arrivals:
        return 0
    path.feedbacks += 1
    size = build_feedback(
        path, into, path.feedback_ssrc, path.feedback_source, path.feedbacks, &path.feedback_next
    )
    path.n_arrivals = 0
    return max(size, 0)

cdef int build_feedback(
    CPath *path, uint8_t *into, uint32_t ssrc, uint32_t media_ssrc, int count, int *start
) noexcept nogil:
    """twcc.py's build_feedback(): the packet's size, -1: arrivals too far apart."""
    cdef int64_t at[MAX_SPAN]
    cdef bint came[MAX_SPAN]
    cdef uint8_t symbols[MAX_SPAN]
    cdef int i, offset, low, high, least, first, statuses, size, run, number, widest, chunk, delta
    cdef int64_t reference, ticks, now
    if start[0] < 0:
        start[0] = path.arrivals[0].sequence
    first = start[0]
    low = high = 0
    for i in range(path.n_arrivals):
        offset = ((path.arrivals[i].sequence - first + 0x8000) & 0xFFFF) - 0x8000
        if i == 0:
            least = high = offset
        least = min(least, offset)
        high = max(high, offset)
    low = min(least, 0)
    if high - low >= MAX_SPAN:
        first += least
        high = min(high - least, MAX_SPAN - 1)
        low = 0
    statuses = high - low + 1
    memset(came, 0, sizeof(came))
    for i in range(path.n_arrivals):
        offset = ((path.arrivals[i].sequence - first - low + 0x8000) & 0xFFFF) - 0x8000
        if 0 <= offset < statuses and not came[offset]:
            came[offset] = True
            at[offset] = path.arrivals[i].at // 1000 // 250
    start[0] = (first + max(high, -1) + 1) & 0xFFFF
    i = 0
    while i < statuses and not came[i]:
        i += 1
    if i == statuses:
        return -1
    reference = at[i] >> 8
    ticks = reference << 8
    # Where the deltas begin is known when the chunks are written, and those need the deltas' sizes.
    for i in range(statuses):
        symbols[i] = 0
        if came[i]:
            now = at[i]
            if not -0x8000 <= now - ticks <= 0x7FFF:
                return -1
            at[i] = now - ticks
            ticks = now
            symbols[i] = 1 if 0 <= at[i] <= 0xFF else 2
    into[0], into[1] = 0x8F, 205
    write32(into + 4, ssrc)
    write32(into + 8, media_ssrc)
    write16(into + 12, first + low)
    write16(into + 14, statuses)
    write32(into + 16, <uint32_t>((reference & 0xFFFFFF) << 8 | count))
    size = 20
    i = 0
    while i < statuses:
        run = 1
        while i + run < statuses and run < 0x1FFF and symbols[i + run] == symbols[i]:
            run += 1
        if run >= 14:
            write16(into + size, <uint32_t>symbols[i] << 13 | run)
            size += 2
            i += run
            continue
        widest = 0
        for offset in range(i, min(i + 14, statuses)):
            widest = max(widest, <int>symbols[offset])
        number = 7 if widest > 1 else 14
        chunk = 0xC000 if widest > 1 else 0x8000
        for offset in range(i, min(i + number, statuses)):
            chunk |= <int>symbols[offset] << (14 - (14 // number) * (offset - i + 1))
        write16(into + size, chunk)
        size += 2
        i += number
    for i in range(statuses):
        if symbols[i] == 1:
            into[size] = <uint8_t>at[i]
            size += 1
        elif symbols[i] == 2:
            delta = <int>at[i]
            write16(into + size, <uint32_t>delta)
            size += 2
    while size & 3:
        into[size] = 0
        size += 1
    write16(into + 2, size // 4 - 1)
    return size

cdef bint calm(CPath *path, const uint8_t *packet, int size) noexcept nogil:
    """path.py's calm() and twcc.py's last_arrival(), once the time is known to be right."""
    cdef uint8_t symbols[MAX_SPAN]
    cdef int count, n = 0, at = 20, chunk, run, width, shift, i
    cdef int64_t ticks, late
    cdef uint16_t sequence
    cdef CDeparture *entry
    if size < 20 or packet[0] != 0x8F or packet[1] != 205 or size != 4 * <int>read16(packet + 2) + 4:
        return False
    count = read16(packet + 14)
    if not 1 <= count <= MAX_SPAN or path.departures == NULL:
        return False
    while n < count:
        if at + 2 > size:
            return False
        chunk = read16(packet + at)
        at += 2
        if chunk < 0x8000:
            run = min(chunk & 0x1FFF, count - n)
            if run == 0:
                return False
            memset(symbols + n, chunk >> 13, run)
            n += run
            continue
        width = 1 if chunk < 0xC000 else 2
        shift = 14 - width
        while shift >= 0 and n < count:
            symbols[n] = <uint8_t>(chunk >> shift & (2 * width - 1))
            n += 1
            shift -= width
    ticks = <int64_t>read32(packet + 16) >> 8
    if ticks & 0x800000:
        ticks -= 0x1000000
    ticks <<= 8
    for i in range(count):
        if not 1 <= symbols[i] <= 2 or at + symbols[i] > size:
            return False
        ticks += packet[at] if symbols[i] == 1 else <int16_t>read16(packet + at)
        at += symbols[i]
    sequence = <uint16_t>(read16(packet + 12) + count - 1)
    entry = &path.departures[sequence & (DEPARTURES - 1)]
    if not entry.size or entry.sequence != sequence:
        return False
    late = (ticks * 250 - entry.at // 1000 - path.calm_us) % WRAP_US
    if late >= WRAP_US // 2:
        late -= WRAP_US
    elif late < -(WRAP_US // 2):
        late += WRAP_US
    return late < CALM_US

cdef void take_control(CPump *pump, CPath *path, uint8_t *packet, int size, int64_t now) noexcept nogil:
    cdef uint32_t ssrc = read32(packet + 4)
    cdef int i
    cdef bint known = False
    for i in range(path.n_control):
        if path.control[i] == ssrc:
            known = True
            break
    if not known and path.n_control >= MAX_CONTROL_SOURCES:
        drop(pump, D_CONTROL_SOURCES)  # T5: each would cost libsrtp a stream for ever
        return
    if size > MAX_DATAGRAM or path.rx == 0 or PUMP_CALL(pump.unprotect_control, path.rx, packet, &size):
        drop(pump, D_NOT_AUTHENTIC)
        return
    if not known:
        path.control[path.n_control] = ssrc
        path.n_control += 1
    path.heard = now
    path.packets_left -= 1
    if path.packets_left < 0:
        drop(pump, D_TOO_FAST)
        return
    if now < path.calm_until and calm(path, packet, size):
        return
    tell(pump, F_CONTROL, path, packet, size, NULL, 0, now)
    if hurried(packet, size):
        pump.urgent = True

cdef void take_media(CPump *pump, CPath *path, uint8_t *packet, int size, int64_t now) noexcept nogil:
    cdef uint8_t first = packet[0], second = packet[1]
    cdef uint16_t sequence = read16(packet + 2)
    cdef uint32_t timestamp = read32(packet + 4), ssrc = read32(packet + 8)
    cdef CTrack *track = NULL
    cdef int i, start, end
    if 192 <= second <= 223:
        take_control(pump, path, packet, size, now)
        return
    for i in range(path.n_tracks):
        if path.tracks[i].ssrc == ssrc:
            track = path.tracks[i]
            break
    if track == NULL:
        tell(pump, F_STRANGER, path, packet, size, NULL, ssrc, now)
        pump.urgent = True
        return
    if size > MAX_DATAGRAM or path.rx == 0 or PUMP_CALL(pump.unprotect, path.rx, packet, &size):
        drop(pump, D_NOT_AUTHENTIC)
        return
    path.heard = now
    path.bytes_in += size
    path.packets_left -= 1
    path.octets_left -= size
    if path.packets_left < 0 or path.octets_left < 0:
        drop(pump, D_TOO_FAST)  # T4
        return
    end = size
    start = 12 + ((first & 0x0F) << 2)
    if first & 0x10:
        if path.congestion_tag:
            if start + 8 <= size and packet[start + 4] == path.congestion_tag:
                note_arrival(pump, path, read16(packet + start + 5), now)
            elif not find_congestion(pump, path, packet, size, now):
                drop(pump, D_MALFORMED)
                return
        if start + 4 > size:
            drop(pump, D_MALFORMED)
            return
        start += 4 + (<int>read16(packet + start + 2) << 2)
    if first & 0x20:
        end -= packet[size - 1]
    if start > end or start > size:
        drop(pump, D_MALFORMED)
        return
    if track.primary != NULL:
        if end - start < 2 or second & 0x7F != track.payload_type:
            drop(pump, D_PROBE)  # of the line: its arrival is noted, that is all it is for
            return
        sequence = read16(packet + start)
        start += 2
        track = track.primary
        accept(
            pump, track, sequence, timestamp, second & 0x80 | track.payload_type,
            packet + start, end - start, packet, 0, now
        )
    elif second & 0x7F != track.payload_type:
        drop(pump, D_PAYLOAD_TYPE)  # T9
        return
    else:
        accept(pump, track, sequence, timestamp, second, packet + start, end - start, packet, size, now)
    if track.n_missing or track.n_waiting:
        PUMP_STORE(path.needy, 1)

cdef void take(CPump *pump, uint8_t *packet, int size, const Address *address, int64_t now) noexcept nogil:
    """One datagram, however odd, may end no more than itself (T1, T6)."""
    cdef CPath *path = find_path(pump, address)
    pump.datagrams_in += 1
    if path != NULL and size > 11 and 127 < packet[0] < 192:
        take_media(pump, path, packet, size, now)
    else:
        tell(pump, F_DATAGRAM, NULL, packet, size, address, 0, now)
        pump.urgent = True

# --- commands -------------------------------------------------------------------------------------------------------

cdef void apply_one(CPump *pump, CCommand *command) noexcept nogil:
    cdef CTrack *track
    cdef COutput *output
    cdef CPath *path
    cdef CSink *sink
    cdef int i, kept
    if command.op == C_MAP:
        map_address(pump, &command.address, <CPath *>command.a)
    elif command.op == C_UNMAP:
        unmap_address(pump, &command.address)
    elif command.op == C_ADDRESS:
        path = <CPath *>command.a
        path.address = command.address
        path.reachable = command.number
        path.lone = False
    elif command.op == C_OPEN:
        (<CTrack *>command.a).open = True
    elif command.op == C_WAIT:
        await_track(pump, <CTrack *>command.a, <COutput *>command.b)
    elif command.op == C_UNWAIT:
        output = <COutput *>command.b
        if output.awaited == <CTrack *>command.a:
            unwait(output)
    elif command.op == C_DETACH:
        output = <COutput *>command.a
        unwait(output)
        detach(output)
    elif command.op == C_FEED:
        track = <CTrack *>command.a
        if track.n_feeds >= MAX_SINKS:
            drop(pump, D_TABLE)
            return
        track.feeds[track.n_feeds].sink = <CSink *>command.b
        track.feeds[track.n_feeds].number = <uint8_t>command.number
        track.n_feeds += 1
        (<CSink *>command.b).references += 1
    elif command.op == C_UNFEED:
        track = <CTrack *>command.a
        sink = <CSink *>command.b
        kept = 0
        for i in range(track.n_feeds):
            if track.feeds[i].sink == sink:
                unref_sink(sink)
            else:
                track.feeds[kept] = track.feeds[i]
                kept += 1
        track.n_feeds = kept
    elif command.op == C_REFILL:
        path = <CPath *>command.a
        path.packets_left = min(command.values[1], max(path.packets_left, <int64_t>0) + command.values[0])
        path.octets_left = min(command.values[3], max(path.octets_left, <int64_t>0) + command.values[2])
        path.resend_octets_left = min(path.resend_octets_left, command.values[4])
    elif command.op == C_ANNOUNCE:
        path = <CPath *>command.a
        track = <CTrack *>command.b
        for i in range(path.n_tracks):
            if path.tracks[i].ssrc == track.ssrc:
                track.references += 1
                unref_track(path.tracks[i])
                path.tracks[i] = track
                return
        if path.n_tracks >= MAX_TRACKS:
            drop(pump, D_TABLE)
            return
        path.tracks[path.n_tracks] = track
        path.n_tracks += 1
        track.references += 1

cdef void apply_commands(CPump *pump) noexcept nogil:
    """Under the mutex."""
    cdef uint64_t posted = PUMP_LOAD(pump.posted)
    while pump.applied != posted:
        apply_one(pump, &pump.ring[pump.applied & (RING - 1)])
        PUMP_STORE(pump.applied, pump.applied + 1)

cdef void enter(CPump *pump) noexcept nogil:
    """Take the mutex and see the table as Python left it."""
    pthread_mutex_lock(&pump.mutex)
    apply_commands(pump)

cdef inline void leave(CPump *pump) noexcept nogil:
    pthread_mutex_unlock(&pump.mutex)

cdef inline void settle(CPump *pump) noexcept nogil:
    """Under the GIL: what Python reads next is the table as it left it."""
    if PUMP_LOAD(pump.applied) != pump.posted:
        enter(pump)
        leave(pump)

cdef void post(CPump *pump, CCommand *command) noexcept:
    """Under the GIL; never drops."""
    if pump.posted - PUMP_LOAD(pump.applied) >= RING:
        enter(pump)
        leave(pump)
    pump.ring[pump.posted & (RING - 1)] = command[0]
    PUMP_STORE(pump.posted, pump.posted + 1)

# --- the thread -----------------------------------------------------------------------------------------------------

cdef void run(CPump *pump) noexcept nogil:
    cdef int count = 0, i
    cdef int64_t now, due, counted_at = 0, before = 0
    cdef bint hurry, busy = False
    for i in range(BATCH):
        pump.in_parts[i].iov_base = pump.into + i * BUFFER
        pump.in_parts[i].iov_len = BUFFER
        pump.in_headers[i].msg_hdr.msg_iov = &pump.in_parts[i]
        pump.in_headers[i].msg_hdr.msg_iovlen = 1
        pump.in_headers[i].msg_hdr.msg_name = &pump.in_addresses[i]
    while not PUMP_LOAD(pump.stop):
        # Only while something waits: a line that needs no pacing costs no system call. What Python made wait is
        # seen with the next datagram, or when the socket's patience ends.
        due = pump.due
        if due:
            due -= pump_now() + pump.ahead
            if due <= 0 or not pump_wait(pump.fd, min(due, <int64_t>LONGEST_WAIT_NS)):
                enter(pump)
                pump.to = &pump.out
                pump.now = pump_now() + pump.ahead
                release(pump)
                leave(pump)
                flush(pump, &pump.out)
                continue
        # To wake for every datagram costs more than the datagram. On a busy port some are let gather: they share one
        # system call each way, what goes to one address more often goes as one, and its receiver wakes once too.
        if busy and count < BATCH:
            pump_pause(GATHER_NS)
        for i in range(BATCH):
            pump.in_headers[i].msg_hdr.msg_namelen = sizeof(Address)
        count = recvmmsg(pump.fd, pump.in_headers, BATCH, MSG_WAITFORONE, NULL)
        if PUMP_LOAD(pump.stop):
            return
        if count <= 0:
            if errno != EAGAIN and errno != EINTR:
                drop(pump, D_SOCKET)
            continue
        pump.receives += 1
        enter(pump)
        pump.to = &pump.out
        pump.now = now = pump_now() + pump.ahead
        if now - counted_at >= BUSY_NS or now < counted_at:
            busy = pump.datagrams_in - before >= BUSY and now - counted_at < 2 * BUSY_NS
            counted_at, before = now, pump.datagrams_in
        for i in range(count):
            take(pump, pump.into + i * BUFFER, <int>pump.in_headers[i].msg_len, &pump.in_addresses[i], now)
            if pump.out.packets >= OUT_FLUSH:
                leave(pump)
                flush(pump, &pump.out)
                enter(pump)
                pump.to = &pump.out
                pump.now = now = pump_now() + pump.ahead
        hurry = pump.urgent
        pump.urgent = False
        leave(pump)
        flush(pump, &pump.out)
        if hurry:
            wake(pump)

# --- what Python sees -----------------------------------------------------------------------------------------------

_KINDS = {"audio": AUDIO, "video": VIDEO, "preview": PREVIEW}
cdef int[3] _RATES = [48000, 90000, 90000]
cdef int[3] _HISTORY = [128, 256, 64]
cdef int[3] _ROOMS = [192, 1184, 1184]  # bytes of payload: 20 ms of sound at 76 kbit/s, and the most browsers send

cdef class Path
cdef class Track
cdef class Output
cdef class Sink
cdef class Pump

cdef class _Paths(dict):
    """Address -> Path; what is put in or popped reaches the thread."""

    cdef Pump pump

    def __setitem__(self, address, Path path not None):
        cdef CCommand command
        if self.pump.read_address(address, &command.address):
            command.op, command.a, command.b = C_MAP, path.node, NULL
            dict.__setitem__(self, address, path)
            post(self.pump.pump, &command)

    def pop(self, address, default=None):
        cdef CCommand command
        if address not in self:
            return default
        if self.pump.read_address(address, &command.address):
            command.op, command.a, command.b = C_UNMAP, NULL, NULL
            post(self.pump.pump, &command)
        # After the command: it must be in the ring before the path can die.
        return dict.pop(self, address)

    def __delitem__(self, address):
        if address not in self:
            raise KeyError(address)
        self.pop(address)

    def _refuse(self, *_, **__):
        raise TypeError("this would pass the thread by: set and pop one address at a time")

    clear = popitem = setdefault = update = __ior__ = _refuse


@cython.no_gc_clear  # what __dealloc__ needs must still be there
cdef class Path:
    cdef CPath *node
    cdef Pump pump
    cdef object _address
    cdef public int64_t resend_burst  # Python's own: how much refill() leaves at most
    cdef readonly str leg_id
    cdef readonly tuple sessions
    cdef readonly dict tracks

    def __cinit__(self):
        self.node = NULL

    def __init__(self, Pump pump not None, str leg_id, tuple sessions, address, int64_t now, uintptr_t rx, uintptr_t tx):
        if self.node != NULL:
            raise RuntimeError("made twice")
        self.node = <CPath *>calloc(1, sizeof(CPath))
        if self.node == NULL:
            raise MemoryError
        self.pump = pump
        self.leg_id, self.sessions, self.tracks = leg_id, sessions, {}
        self.node.references = 1
        self.node.feedback_next = -1
        self.node.owner = <PyObject *>self
        self.node.rx, self.node.tx = rx, tx
        self.node.heard = now
        self.address = address

    def __del__(self):
        # A garbage collection ends the sessions of a leg in any order, but it calls this for all before.
        if self.node != NULL:
            enter(self.pump.pump)
            self.node.rx = self.node.tx = 0
            leave(self.pump.pump)

    def __dealloc__(self):
        if self.node == NULL:
            return
        enter(self.pump.pump)
        self.node.owner = NULL
        self.node.rx = self.node.tx = 0
        forget_waiting(self.node)  # outputs and their path hold each other
        unref_path(self.node)
        leave(self.pump.pump)

    @property
    def address(self):
        return self._address

    @address.setter
    def address(self, address):
        cdef CCommand command
        if address == self._address:
            return
        self._address = address
        command.op, command.a = C_ADDRESS, self.node
        command.number = self.pump.read_address(address, &command.address)
        post(self.pump.pump, &command)

    @property
    def heard(self):
        return self.node.heard

    @heard.setter
    def heard(self, int64_t now):
        enter(self.pump.pump)
        self.node.heard = now
        leave(self.pump.pump)

    def take_needy(self):
        if not PUMP_LOAD(self.node.needy):
            return False
        PUMP_STORE(self.node.needy, 0)
        return True

    @property
    def congestion_tag(self):
        return self.node.congestion_tag

    @congestion_tag.setter
    def congestion_tag(self, uint8_t value):
        enter(self.pump.pump)
        self.node.congestion_tag = value
        leave(self.pump.pump)

    @property
    def wide_sequence(self):
        return self.node.wide_sequence

    @wide_sequence.setter
    def wide_sequence(self, uint16_t value):
        enter(self.pump.pump)
        self.node.wide_sequence = value
        leave(self.pump.pump)

    @property
    def packets_left(self):
        settle(self.pump.pump)
        return self.node.packets_left

    @property
    def octets_left(self):
        settle(self.pump.pump)
        return self.node.octets_left

    @property
    def resend_octets_left(self):
        settle(self.pump.pump)
        return self.node.resend_octets_left

    @property
    def bytes_in(self):
        return self.node.bytes_in

    @property
    def bytes_out(self):
        return self.node.bytes_out

    @property
    def arrivals(self):
        return self.node.n_arrivals

    def announce(self, Track track not None):
        cdef CCommand command
        if len(self.tracks) >= MAX_TRACKS and track.ssrc not in self.tracks:
            raise ValueError("a leg has too many tracks")
        command.op, command.a, command.b = C_ANNOUNCE, self.node, track.node
        old = self.tracks.get(track.ssrc)
        self.tracks[track.ssrc] = track
        post(self.pump.pump, &command)
        del old

    def report_arrivals(self, uint32_t ssrc, uint32_t media_ssrc, int64_t every, int start=-1):
        cdef CPath *path = self.node
        enter(self.pump.pump)
        path.feedback_ssrc, path.feedback_source, path.feedback_every = ssrc, media_ssrc, every
        path.feedback_next = start
        path.feedbacks = 0
        leave(self.pump.pump)

    @property
    def feedback_at(self):
        return self.node.feedback_at

    def take_feedback(self, int64_t now):
        cdef uint8_t built[FEEDBACK_ROOM]
        cdef int size
        enter(self.pump.pump)
        size = take_feedback(self.node, built, now)
        leave(self.pump.pump)
        return PyBytes_FromStringAndSize(<char *>built, size) if size else None

    def expect_calm(self, int64_t until, int64_t delay):
        enter(self.pump.pump)
        self.node.calm_until, self.node.calm_us = until, delay
        leave(self.pump.pump)

    def departed(self, int base, int count):
        """[(transport-wide sequence, ns, size)] of those still remembered."""
        cdef CDeparture found[DEPARTURES]
        cdef CDeparture *entry
        cdef int n = 0, i
        enter(self.pump.pump)
        if self.node.departures != NULL:
            for i in range(min(count, <int>DEPARTURES)):
                entry = &self.node.departures[(base + i) & (DEPARTURES - 1)]
                if entry.size and entry.sequence == <uint16_t>(base + i):
                    found[n] = entry[0]
                    n += 1
        leave(self.pump.pump)
        return [(found[i].sequence, found[i].at, found[i].size) for i in range(n)]

    def pace(self, int64_t rate):
        enter(self.pump.pump)
        self.node.pace_rate = max(rate, <int64_t>0)
        leave(self.pump.pump)

    @property
    def pace_rate(self):
        return self.node.pace_rate

    @property
    def pace_lost(self):
        return self.node.pace_lost

    @property
    def paced(self):
        """How many packets pacing holds back."""
        return self.node.n_waiting

    def grant(self, int64_t packets, int64_t octets, int64_t resend):
        enter(self.pump.pump)
        self.node.packets_left, self.node.octets_left, self.node.resend_octets_left = packets, octets, resend
        leave(self.pump.pump)
        self.resend_burst = resend

    def refill(self, packets, octets, int64_t most_resend):
        cdef CCommand command
        command.op, command.a = C_REFILL, self.node
        command.values[0], command.values[1] = packets
        command.values[2], command.values[3] = octets
        command.values[4] = most_resend
        post(self.pump.pump, &command)


@cython.no_gc_clear  # what __dealloc__ needs must still be there
cdef class Track:
    cdef CTrack *node
    cdef Pump pump
    cdef readonly str kind
    cdef readonly object primary

    def __cinit__(self):
        self.node = NULL

    def __init__(self, Pump pump not None, uint32_t ssrc, str kind, uint8_t payload_type, Track primary=None):
        cdef int size
        if self.node != NULL:
            raise RuntimeError("made twice")
        number = _KINDS[kind]
        self.node = <CTrack *>calloc(1, sizeof(CTrack))
        if self.node == NULL:
            raise MemoryError
        self.pump, self.kind, self.primary = pump, kind, primary
        self.node.references = 1
        self.node.owner = <PyObject *>self
        self.node.ssrc, self.node.payload_type = ssrc, payload_type
        self.node.kind = number
        self.node.clock_rate = _RATES[self.node.kind]
        self.node.expected = -1
        self.node.mask = -1
        if primary is None:
            size = _HISTORY[self.node.kind]
            self.node.history = make_cache(size, _ROOMS[self.node.kind])
            if self.node.history == NULL:
                raise MemoryError
            self.node.mask = size - 1
        else:
            enter(pump.pump)
            self.node.primary = primary.node
            primary.node.references += 1
            leave(pump.pump)

    def __dealloc__(self):
        if self.node == NULL:
            return
        enter(self.pump.pump)
        self.node.owner = NULL
        shut(self.node)  # it and the outputs it fills hold each other
        unref_track(self.node)
        leave(self.pump.pump)

    @property
    def ssrc(self):
        return self.node.ssrc

    @property
    def payload_type(self):
        return self.node.payload_type

    @property
    def clock_rate(self):
        return self.node.clock_rate

    @property
    def open(self):
        settle(self.pump.pump)
        return self.node.open

    @open.setter
    def open(self, bint value):
        cdef CCommand command
        if not value:
            raise ValueError("a gate is closed by shut()")
        command.op, command.a = C_OPEN, self.node
        post(self.pump.pump, &command)

    @property
    def started(self):
        return self.node.started

    @property
    def base(self):
        return self.node.base

    @property
    def received(self):
        return self.node.received

    @property
    def repaired(self):
        return self.node.repaired

    @property
    def bytes(self):
        return self.node.bytes

    @property
    def jitter(self):
        return self.node.jitter

    @property
    def highest_timestamp(self):
        return self.node.highest_timestamp

    @property
    def last_arrival(self):
        return self.node.last_arrival

    @property
    def extended_highest(self):
        cdef int64_t value
        pthread_mutex_lock(&self.pump.pump.mutex)
        value = self.node.cycles + self.node.expected - 1
        leave(self.pump.pump)
        return value

    @property
    def holes(self):
        return self.node.n_missing

    @property
    def waiting(self):
        """How many."""
        settle(self.pump.pump)
        return self.node.n_waiting

    def forget_holes(self):
        enter(self.pump.pump)
        self.node.n_missing = 0
        leave(self.pump.pump)

    def ask(self, int64_t now, int64_t again, int most):
        cdef uint16_t due[MAX_MISSING]
        cdef int count = 0, i = 0
        cdef bint given_up = False
        cdef CHole *hole
        enter(self.pump.pump)
        while i < self.node.n_missing:
            hole = &self.node.missing[i]
            if hole.next <= now:
                if hole.asked >= most:
                    remove_hole(self.node, i)
                    given_up = True
                    continue
                hole.next = now + again
                hole.asked += 1
                due[count] = hole.sequence
                count += 1
            i += 1
        leave(self.pump.pump)
        return [due[i] for i in range(count)], given_up

    cdef void change(self, int op, void *other, int number) noexcept:
        cdef CCommand command
        command.op, command.a, command.b, command.number = op, self.node, other, number
        post(self.pump.pump, &command)

    def wait(self, Output output not None):
        self.change(C_WAIT, output.node, 0)

    def unwait(self, Output output not None):
        self.change(C_UNWAIT, output.node, 0)

    def awaits(self, Output output not None):
        cdef bint found
        enter(self.pump.pump)
        found = output.node.awaited == self.node
        leave(self.pump.pump)
        return found

    def feed(self, Sink sink not None, int number):
        self.change(C_FEED, sink.node, number)

    def unfeed(self, Sink sink not None):
        self.change(C_UNFEED, sink.node, 0)

    def note(self, int kind, bytes body not None, int64_t now):
        cdef int i
        cdef const uint8_t *data = <const uint8_t *>PyBytes_AS_STRING(body)
        cdef int size = <int>min(PyBytes_GET_SIZE(body), BUFFER + 1)
        enter(self.pump.pump)
        for i in range(self.node.n_feeds):
            put_record(
                self.pump.pump, self.node.feeds[i].sink, kind, self.node.feeds[i].number, now, data, size, data, 0
            )
        leave(self.pump.pump)

    def shut(self):
        enter(self.pump.pump)
        shut(self.node)
        leave(self.pump.pump)


@cython.no_gc_clear  # what __dealloc__ needs must still be there
cdef class Output:
    cdef COutput *node
    cdef Pump pump
    cdef readonly Path path
    cdef readonly str kind
    cdef readonly dict resent_at

    def __cinit__(self):
        self.node = NULL

    def __init__(self, Pump pump not None, Path path not None, str kind, uint32_t ssrc, uint8_t payload_type, rtx):
        if self.node != NULL:
            raise RuntimeError("made twice")
        number = _KINDS[kind]
        rtx_sequence, last_sequence = secrets.randbelow(0x7000), secrets.randbelow(0x7000)
        rtx_ssrc, rtx_payload_type = rtx or (0, 0)
        self.node = <COutput *>calloc(1, sizeof(COutput))
        if self.node == NULL:
            raise MemoryError
        self.node.references = 1
        self.pump, self.path, self.kind, self.resent_at = pump, path, kind, {}
        self.node.kind = number
        self.node.clock_rate = _RATES[self.node.kind]
        self.node.ssrc, self.node.payload_type = ssrc, payload_type
        self.node.rtx_ssrc, self.node.rtx_payload_type = rtx_ssrc, rtx_payload_type
        self.node.has_rtx = rtx is not None
        self.node.rtx_sequence, self.node.last_sequence = rtx_sequence, last_sequence
        enter(pump.pump)
        self.node.path = path.node
        path.node.references += 1
        leave(pump.pump)
        if rtx is None:
            self.node.sent = make_cache(SENT, SENT_ROOM)
            if self.node.sent == NULL:
                raise MemoryError

    def __dealloc__(self):
        if self.node == NULL:
            return
        if self.node.path == NULL:
            free(self.node)
            return
        enter(self.pump.pump)
        unwait(self.node)
        detach(self.node)
        unref_output(self.node)
        leave(self.pump.pump)

    @property
    def ssrc(self):
        return self.node.ssrc

    @property
    def clock_rate(self):
        return self.node.clock_rate

    @property
    def packets(self):
        return self.node.packets

    @property
    def octets(self):
        return self.node.octets

    @property
    def resent(self):
        return self.node.resent

    @property
    def wide(self):
        return self.node.wide

    @wide.setter
    def wide(self, uint8_t value):
        enter(self.pump.pump)
        self.node.wide = value
        leave(self.pump.pump)

    @property
    def spliced(self):
        return self.node.spliced

    @spliced.setter
    def spliced(self, bint value):
        enter(self.pump.pump)
        self.node.spliced = value
        leave(self.pump.pump)

    @property
    def filled(self):
        settle(self.pump.pump)
        return self.node.filled

    def shift_from(self, Track source not None):
        cdef bint filled
        cdef uint32_t shift
        enter(self.pump.pump)
        filled = self.node.filled and self.node.epoch.source == source.node
        shift = self.node.epoch.timestamp
        leave(self.pump.pump)
        return shift if filled else None

    def detach(self):
        cdef CCommand command
        command.op, command.a = C_DETACH, self.node
        post(self.pump.pump, &command)


@cython.no_gc_clear  # what __dealloc__ needs must still be there
cdef class Sink:
    cdef CSink *node
    cdef Pump pump
    cdef object push

    def __cinit__(self):
        self.node = NULL

    def __init__(self, Pump pump not None, push):
        if self.node != NULL:
            raise RuntimeError("made twice")
        self.node = <CSink *>calloc(1, sizeof(CSink))
        if self.node == NULL:
            raise MemoryError
        self.node.references = 1
        self.pump, self.push = pump, push

    def __dealloc__(self):
        if self.node == NULL:
            return
        enter(self.pump.pump)
        unref_sink(self.node)
        leave(self.pump.pump)

    def flush(self):
        """Hand over what was gathered, chunk by chunk."""
        cdef CChunk *chunk
        cdef CChunk *done
        enter(self.pump.pump)
        chunk = self.node.first
        self.node.first = self.node.last = NULL
        self.node.chunks = 0
        leave(self.pump.pump)
        batches = []
        while chunk != NULL:
            batches.append(PyBytes_FromStringAndSize(<char *>chunk.data, chunk.size))
            done = chunk
            chunk = chunk.next
            free(done)
        for batch in batches:
            self.push(batch)


def blocks():
    """(blocks of memory asked for since start, blocks not given back), of all pumps of the process."""
    return pump_blocks_made, pump_blocks_kept


cdef class Pump:
    """Owns the receiving side of the port, the buffers and the thread; `take_facts` brings news to the loop."""

    cdef CPump *pump
    cdef object thread
    cdef object facts
    cdef bint telling
    cdef readonly _Paths paths

    def __cinit__(self, *_):
        self.pump = <CPump *>calloc(1, sizeof(CPump))
        if self.pump == NULL:
            raise MemoryError
        self.pump.event = -1
        self.pump.fd = -1
        pthread_mutex_init(&self.pump.mutex, NULL)
        self.pump.facts[0] = <uint8_t *>malloc(FACT_BYTES)
        self.pump.facts[1] = <uint8_t *>malloc(FACT_BYTES)
        self.pump.out.bytes = <uint8_t *>malloc(OUT_BYTES)
        self.pump.aside.bytes = <uint8_t *>malloc(OUT_BYTES)
        self.pump.out.batch, self.pump.aside.batch = 1, 2  # no path has been in one
        self.pump.into = <uint8_t *>malloc(BATCH * BUFFER)
        if not (self.pump.facts[0] and self.pump.facts[1] and self.pump.out.bytes and self.pump.aside.bytes and self.pump.into):
            raise MemoryError

    def __init__(self, int family, functions, facts):
        """`functions`: addresses of libsrtp's protect and unprotect, for RTP, then for RTCP."""
        self.pump.protect, self.pump.unprotect, self.pump.protect_control, self.pump.unprotect_control = functions
        self.pump.family = family
        self.facts = facts
        self.paths = _Paths()
        self.paths.pump = self
        self.thread = None
        self.pump.event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)
        if self.pump.event < 0:
            raise OSError("no eventfd")

    def __dealloc__(self):
        # Every node's Python object holds this one: none is left, and stop() has ended the thread.
        cdef int i
        cdef CPath *path
        if self.pump == NULL:
            return
        for i in range(2):
            self.release_facts(i)
            free(self.pump.facts[i])
        for i in range(MAP):
            if self.pump.map[i].path != NULL:
                unref_path(self.pump.map[i].path)
        while self.pump.first_paced != NULL:
            path = self.pump.first_paced
            self.pump.first_paced = path.next_paced
            unref_path(path)
        free(self.pump.out.bytes)
        free(self.pump.aside.bytes)
        free(self.pump.into)
        if self.pump.event >= 0:
            c_close(self.pump.event)
        pthread_mutex_destroy(&self.pump.mutex)
        free(self.pump)

    cdef bint read_address(self, address, Address *into):
        host, port = address
        data = host.encode()
        return address_make(into, self.pump.family, PyBytes_AS_STRING(data), port)

    cdef void release_facts(self, int which) noexcept:
        """Under the mutex, or when nobody else is left."""
        cdef int at = 0
        cdef CFact *fact
        while at < self.pump.fact_size[which]:
            fact = <CFact *>(self.pump.facts[which] + at)
            if fact.node != NULL:
                if fact.kind == F_KEYFRAME:
                    unref_track(<CTrack *>fact.node)
                else:
                    unref_path(<CPath *>fact.node)
            at += <int>sizeof(CFact) + ((fact.size + 7) & ~7)
        self.pump.fact_size[which] = 0

    # the thread

    def start(self, int fd):
        """From now on the thread reads this (blocking) socket."""
        cdef timeval patience
        patience.tv_sec, patience.tv_usec = 0, 200_000  # how long stop() may have to wait
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience))
        self.pump.fd = fd
        PUMP_STORE(self.pump.stop, False)
        self.thread = threading.Thread(target=self._run, name="pump", daemon=True)
        self.thread.start()

    def _run(self):
        with nogil:
            run(self.pump)

    def stop_soon(self):
        """At the next datagram."""
        PUMP_STORE(self.pump.stop, True)

    def stop(self):
        """Wait for the thread's end."""
        PUMP_STORE(self.pump.stop, True)
        if self.thread is not None:
            self.thread.join()
            self.thread = None

    @property
    def event(self):
        """Readable when there are facts that should not wait."""
        return self.pump.event

    @property
    def ahead(self):
        return self.pump.ahead

    @ahead.setter
    def ahead(self, int64_t value):
        enter(self.pump)
        self.pump.ahead = value
        leave(self.pump)

    # facts

    def take_facts(self):
        """Tell Python what happened, in order, at most FACTS_PER_TURN; whether some are left, then `event` is readable."""
        cdef uint64_t count
        cdef int told = 0
        if self.telling:  # called by a fact
            return False
        c_read(self.pump.event, &count, 8)
        PUMP_SWAP(self.pump.woken, False)
        self.telling = True
        try:
            while told < FACTS_PER_TURN and self.more_facts():
                self.tell_next()
                told += 1
        finally:
            self.telling = False
        if told < FACTS_PER_TURN or not self.more_facts():
            return False
        wake(self.pump)
        return True

    cdef bint more_facts(self) noexcept:
        """Whether there is one to tell; what was told is released, and the buffers are swapped."""
        cdef int which = 1 - self.pump.active
        if self.pump.fact_at < self.pump.fact_size[which]:
            return True
        pthread_mutex_lock(&self.pump.mutex)
        self.release_facts(which)
        self.pump.fact_at = 0
        self.pump.fact_shares[0] = self.pump.fact_shares[1] = 0
        self.pump.active = which
        leave(self.pump)
        return self.pump.fact_size[1 - which] > 0

    cdef tell_next(self):
        cdef uint8_t *at = self.pump.facts[1 - self.pump.active] + self.pump.fact_at
        cdef CFact *fact = <CFact *>at
        self.pump.fact_at += <int>sizeof(CFact) + ((fact.size + 7) & ~7)
        self.dispatch(fact, <char *>at + sizeof(CFact))

    cdef dispatch(self, CFact *fact, char *data):
        cdef char text[64]
        cdef int port
        cdef PyObject *owner
        if fact.kind == F_DATAGRAM:
            port = address_text(&fact.address, text, 64)
            address = text.decode(), port
            self.facts.datagram(PyBytes_FromStringAndSize(data, fact.size), address, fact.now)
            return
        if fact.kind == F_KEYFRAME:
            owner = (<CTrack *>fact.node).owner
        else:
            owner = (<CPath *>fact.node).owner
        if owner == NULL:
            if fact.kind != F_KEYFRAME:
                drop(self.pump, D_GONE)
            return
        who = <object>owner
        if fact.kind == F_KEYFRAME:
            self.facts.keyframe(who, fact.now)
        elif fact.kind == F_CONTROL:
            self.facts.control(who, PyBytes_FromStringAndSize(data, fact.size), fact.now)
        else:
            packet = PyBytes_FromStringAndSize(data, fact.size)
            self.facts.stranger(who, fact.ssrc, lambda: self.authentic(who, packet), fact.now)

    def authentic(self, Path path not None, bytes packet not None):
        """Whether a packet of a source that was not announced was made with the leg's keys."""
        cdef uint8_t buffer[BUFFER]
        cdef int size = <int>PyBytes_GET_SIZE(packet)
        cdef bint good
        if size > MAX_DATAGRAM:
            return False
        memcpy(buffer, PyBytes_AS_STRING(packet), size)
        pthread_mutex_lock(&self.pump.mutex)
        good = path.node.rx != 0 and PUMP_CALL(self.pump.unprotect, path.node.rx, buffer, &size) == 0
        leave(self.pump)
        return good

    cdef void now(self) noexcept:
        """Under the mutex. While a test takes what is sent, the clock is what it set as `ahead`."""
        self.pump.now = self.pump.ahead if self.pump.capture else pump_now() + self.pump.ahead

    # sending, from Python

    def protect_control(self, Path path not None, bytes data not None):
        """The datagram of a compound RTCP packet; None where it cannot be made."""
        cdef uint8_t buffer[BUFFER + 256]
        cdef int size = <int>PyBytes_GET_SIZE(data)
        cdef bint failed
        if size > BUFFER:
            failed = True
        else:
            memcpy(buffer, PyBytes_AS_STRING(data), size)
            pthread_mutex_lock(&self.pump.mutex)
            failed = path.node.tx == 0 or PUMP_CALL(self.pump.protect_control, path.node.tx, buffer, &size) != 0
            leave(self.pump)
        if failed:
            return None
        return PyBytes_FromStringAndSize(<char *>buffer, size)

    def resend(self, Output output not None, sequences, int64_t least):
        """Answer one NACK from what is kept while the allowance is above `least`: the bytes of each, 0 if not kept."""
        cdef uint16_t asked[MAX_RESENDS]
        cdef int sizes[MAX_RESENDS]
        cdef int wanted = 0, tried = 0
        for sequence in sequences[:MAX_RESENDS]:
            asked[wanted] = <uint16_t><int>sequence
            wanted += 1
        enter(self.pump)
        self.now()
        while tried < wanted and output.node.path.resend_octets_left > least:
            sizes[tried] = resend_packet(self.pump, output.node, asked[tried])
            tried += 1
        leave(self.pump)
        flush(self.pump, &self.pump.aside)
        return [sizes[at] for at in range(tried)]

    def take_late(self, bytes data not None, address, int64_t now):
        """Media that overtook the news of its address, once more; False where the address is not known yet either."""
        cdef Address source
        cdef uint8_t copy[BUFFER]
        cdef int size = <int>min(PyBytes_GET_SIZE(data), BUFFER)
        cdef bint known
        if not self.read_address(address, &source):
            return False
        memcpy(copy, PyBytes_AS_STRING(data), size)
        enter(self.pump)
        known = find_path(self.pump, &source) != NULL
        if known:
            self.now()
            self.pump.to = &self.pump.aside
            take(self.pump, copy, size, &source, now)
            self.pump.datagrams_in -= 1
        leave(self.pump)
        flush(self.pump, &self.pump.aside)
        return known

    # for tests: no thread, no socket

    def capture(self):
        """From now on packets come by `feed` and are kept for `take_sent`."""
        self.pump.capture = True

    def feed(self, bytes data not None, address, int64_t now):
        cdef Address source
        cdef int size = <int>min(PyBytes_GET_SIZE(data), BUFFER)
        if not self.read_address(address, &source) or not self.pump.capture:
            raise ValueError("not for this")
        memcpy(self.pump.into, PyBytes_AS_STRING(data), size)
        enter(self.pump)
        self.pump.now = now
        self.pump.to = &self.pump.out
        take(self.pump, self.pump.into, size, &source, now)
        leave(self.pump)

    def release(self):
        """As the thread would now; when to come again, None while nothing waits."""
        enter(self.pump)
        self.now()
        self.pump.to = &self.pump.out
        release(self.pump)
        due = self.pump.due
        leave(self.pump)
        return due or None

    def take_sent(self):
        """[(datagram, address)], those of the thread first."""
        return self.sent_by(&self.pump.out) + self.sent_by(&self.pump.aside)

    cdef list sent_by(self, COut *out):
        """As the kernel would have got them."""
        cdef int g, i, port
        cdef char text[64]
        sent = []
        for g in range(out.groups):
            port = address_text(&out.group[g].address, text, 64)
            to = (text.decode(), port)
            i = out.group[g].first
            while i >= 0:
                sent.append((PyBytes_FromStringAndSize(<char *>out.made[i].iov_base, out.made[i].iov_len), to))
                i = out.next[i]
        begin_batch(out)
        return sent

    # figures

    @property
    def datagrams_in(self):
        return self.pump.datagrams_in

    @property
    def datagrams_out(self):
        return self.pump.datagrams_out

    @property
    def system_calls(self):
        """(receiving, sending)"""
        return self.pump.receives, self.pump.sends

    @property
    def groups(self):
        """Messages that the kernel was handed: `datagrams_out` in fewer."""
        return self.pump.groups

    @property
    def copied(self):
        """Bytes of media: into the histories, into outgoing packets, into records for taps."""
        return self.pump.copied

    def dropped(self):
        """By reason, since start."""
        cdef int i
        counted = {}
        for i in range(DROPS):
            if self.pump.drops[i]:
                counted[_DROP_NAMES[i]] = self.pump.drops[i]
        return counted
