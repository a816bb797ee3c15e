# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, binding=False
"""What forwarding costs at the least: receive, unprotect, rewrite twelve bytes, protect, send to each; nothing else.

Memory rules: sources and routes are made under the mutex, which the thread holds for each batch, and live until the
Floor dies, after its thread; the SRTP sessions are kept by the Floor. Bounds: one source a port, MAX_ROUTES a source.
"""

from libc.errno cimport EINTR, errno
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uintptr_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy, memset

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
    #include <sys/socket.h>

    typedef int (*floor_srtp)(void *, void *, int *);
    #define FLOOR_CALL(f, s, d, n) ((floor_srtp)(f))((void *)(s), (d), (n))

    static void floor_local(struct sockaddr_in *a, int port) {
        memset(a, 0, sizeof *a);
        a->sin_family = AF_INET;
        a->sin_port = htons((uint16_t)port);
        a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    static inline int floor_port(const struct sockaddr_in *a) { return ntohs(a->sin_port); }
    static int floor_patience(int fd) {
        struct timeval t = {0, 100000};  // how long stop() may have to wait
        return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
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
    ctypedef struct mmsghdr "struct mmsghdr":
        msghdr msg_hdr
        unsigned int msg_len
    int MSG_WAITFORONE, MSG_DONTWAIT
    int recvmmsg(int, mmsghdr *, unsigned int, int, void *) nogil
    int sendmmsg(int, mmsghdr *, unsigned int, int) nogil
    int pthread_mutex_init(pthread_mutex_t *, void *) nogil
    int pthread_mutex_lock(pthread_mutex_t *) nogil
    int pthread_mutex_unlock(pthread_mutex_t *) nogil
    int pthread_mutex_destroy(pthread_mutex_t *) nogil
    void floor_local(sockaddr_in *, int) nogil
    int floor_port(const sockaddr_in *) nogil
    int floor_patience(int) nogil
    int FLOOR_CALL(uintptr_t, uintptr_t, void *, int *) nogil

cdef enum:
    BATCH = 64
    OUT = 256
    BUFFER = 2048
    MAX_ROUTES = 64

cdef struct CRoute:
    uint32_t ssrc
    uint32_t out_ssrc
    uintptr_t tx
    sockaddr_in to

cdef struct CSource:
    uintptr_t rx
    int n_routes
    CRoute routes[MAX_ROUTES]

cdef struct CFloor:
    pthread_mutex_t mutex
    bint stop
    int fd
    uintptr_t protect
    uintptr_t unprotect
    CSource *sources[65536]  # by port: everybody is on the loopback
    long datagrams_in
    long datagrams_out
    long dropped
    uint8_t into[BATCH][BUFFER]
    sockaddr_in addresses[BATCH]
    iovec into_parts[BATCH]
    mmsghdr into_headers[BATCH]
    uint8_t out[OUT][BUFFER]
    iovec out_parts[OUT]
    mmsghdr out_headers[OUT]
    int n_out


cdef void flush(CFloor *floor) noexcept nogil:
    cdef int sent = 0, n
    while sent < floor.n_out:
        n = sendmmsg(floor.fd, &floor.out_headers[sent], floor.n_out - sent, 0)
        if n > 0:
            sent += n
            floor.datagrams_out += n
        elif errno != EINTR:
            floor.dropped += 1
            sent += 1
    floor.n_out = 0

cdef void forward(CFloor *floor, CSource *source, uint8_t *data, int size) noexcept nogil:
    cdef uint32_t ssrc
    cdef uint8_t *copy
    cdef CRoute *route
    cdef int i, length
    if size < 12 or 191 < data[1] < 224:
        return  # control: not its business
    if FLOOR_CALL(floor.unprotect, source.rx, data, &size):
        floor.dropped += 1
        return
    ssrc = <uint32_t>data[8] << 24 | <uint32_t>data[9] << 16 | <uint32_t>data[10] << 8 | data[11]
    for i in range(source.n_routes):
        route = &source.routes[i]
        if route.ssrc != ssrc:
            continue
        if floor.n_out == OUT:
            flush(floor)
        copy = floor.out[floor.n_out]
        memcpy(copy, data, size)
        copy[8], copy[9] = <uint8_t>(route.out_ssrc >> 24), <uint8_t>(route.out_ssrc >> 16)
        copy[10], copy[11] = <uint8_t>(route.out_ssrc >> 8), <uint8_t>route.out_ssrc
        length = size
        if FLOOR_CALL(floor.protect, route.tx, copy, &length):
            floor.dropped += 1
            continue
        floor.out_parts[floor.n_out].iov_len = length
        floor.out_headers[floor.n_out].msg_hdr.msg_name = &route.to
        floor.n_out += 1

cdef void run(CFloor *floor) noexcept nogil:
    cdef int n, i
    cdef CSource *source
    while not floor.stop:
        n = recvmmsg(floor.fd, floor.into_headers, BATCH, MSG_WAITFORONE, NULL)
        if n <= 0:
            continue
        pthread_mutex_lock(&floor.mutex)
        floor.datagrams_in += n
        for i in range(n):
            source = floor.sources[floor_port(&floor.addresses[i])]
            if source != NULL:
                forward(floor, source, floor.into[i], <int>floor.into_headers[i].msg_len)
        flush(floor)
        pthread_mutex_unlock(&floor.mutex)


cdef class Floor:
    """`functions`: addresses of libsrtp's protect and unprotect for RTP, and two more that are not used."""

    cdef CFloor *floor
    cdef object thread
    cdef list kept

    def __cinit__(self, functions):
        cdef int i
        self.floor = <CFloor *>calloc(1, sizeof(CFloor))
        if self.floor == NULL:
            raise MemoryError
        self.floor.protect, self.floor.unprotect = functions[:2]
        pthread_mutex_init(&self.floor.mutex, NULL)
        for i in range(BATCH):
            self.floor.into_parts[i].iov_base, self.floor.into_parts[i].iov_len = self.floor.into[i], BUFFER
            self.floor.into_headers[i].msg_hdr.msg_iov = &self.floor.into_parts[i]
            self.floor.into_headers[i].msg_hdr.msg_iovlen = 1
            self.floor.into_headers[i].msg_hdr.msg_name = &self.floor.addresses[i]
            self.floor.into_headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_in)
        for i in range(OUT):
            self.floor.out_parts[i].iov_base = self.floor.out[i]
            self.floor.out_headers[i].msg_hdr.msg_iov = &self.floor.out_parts[i]
            self.floor.out_headers[i].msg_hdr.msg_iovlen = 1
            self.floor.out_headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_in)
        self.kept = []

    def __dealloc__(self):
        cdef int i
        if self.floor == NULL:
            return
        for i in range(65536):
            free(self.floor.sources[i])
        pthread_mutex_destroy(&self.floor.mutex)
        free(self.floor)

    def source(self, int port, session, uintptr_t rx):
        """From this port of the loopback comes what `session` reads."""
        cdef CSource *source
        if not 0 < port < 65536 or self.floor.sources[port] != NULL:
            raise ValueError("no such port, or taken")
        source = <CSource *>calloc(1, sizeof(CSource))
        if source == NULL:
            raise MemoryError
        source.rx = rx
        self.kept.append(session)
        pthread_mutex_lock(&self.floor.mutex)
        self.floor.sources[port] = source
        pthread_mutex_unlock(&self.floor.mutex)

    def route(self, int port, uint32_t ssrc, int to, session, uintptr_t tx, uint32_t out_ssrc):
        """What comes from `port` as `ssrc` goes to the port `to` as `out_ssrc`, under `session`."""
        cdef CSource *source
        cdef CRoute *route
        if not 0 < port < 65536 or self.floor.sources[port] == NULL:
            raise ValueError("no such source")
        source = self.floor.sources[port]
        if source.n_routes == MAX_ROUTES:
            raise ValueError("too many routes")
        self.kept.append(session)
        pthread_mutex_lock(&self.floor.mutex)
        route = &source.routes[source.n_routes]
        route.ssrc, route.out_ssrc, route.tx = ssrc, out_ssrc, tx
        floor_local(&route.to, to)
        source.n_routes += 1
        pthread_mutex_unlock(&self.floor.mutex)

    def start(self, int fd):
        """From now on the thread reads this (blocking) socket."""
        floor_patience(fd)
        self.floor.fd, self.floor.stop = fd, False
        self.thread = threading.Thread(target=self._run, name="floor", daemon=True)
        self.thread.start()

    def _run(self):
        with nogil:
            run(self.floor)

    def stop(self):
        """Wait for the thread's end."""
        self.floor.stop = True
        if self.thread is not None:
            self.thread.join()
            self.thread = None

    @property
    def figures(self):
        return {
            "datagrams_in": self.floor.datagrams_in, "datagrams_out": self.floor.datagrams_out,
            "dropped": self.floor.dropped,
        }
