"""How the fuzzer reaches a packet path: directly, or by sockets and the thread."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from typing import Any

from relay import leg
from relay.forwarder import Forwarder
from relay.packet_path import NativePath, NativeSender, NativeTable
from relay.sender import Sender
from relay.table import Table
from tests.relay.fuzz_model import Address
from tests.relay.path_sides import FakePort

LARGEST = 65_487  # what UDP over IPv6 without options takes


class Direct:
    """Without socket and thread."""

    def __init__(self) -> None:
        self.stage: Any = None
        self.port = FakePort()
        self._homes = 0

    def home(self) -> Address:
        self._homes += 1
        return f"10.{self._homes >> 8 & 255}.{self._homes & 255}.1", 5000

    def fence(self) -> None:
        pass

    def taken(self) -> list[tuple[bytes, Address]]:
        sent, self.port.sent = self.port.sent, []
        return sent

    # facts, before there is a stage to hear them

    def __getattr__(self, name: str) -> Callable[..., None]:
        return getattr(self.stage, name)


class PythonRoad(Direct):
    rude = False

    def __init__(self) -> None:
        super().__init__()
        port: Any = self.port
        self.table = Table()
        self.sender = Sender(port, self.table, lambda: self.stage.now)
        self.forwarder = Forwarder(port, self.table, self.sender, self, lambda: self.stage.now)

    def feed(self, data: bytes, address: Address) -> None:
        self.port.waiting.append((data, address))
        self.forwarder.drain()

    def fence(self) -> None:
        self.sender.release(self.stage.now)


class NativeRoad(Direct):
    rude = True

    def __init__(self) -> None:
        super().__init__()
        from relay.pump import Pump

        port: Any = self.port
        self.pump = Pump(socket.AF_INET, leg.native_functions(), self)
        self.pump.capture()
        self.table = NativeTable(self.pump)
        self.sender = NativeSender(self.pump, port, self.table, lambda: self.stage.now)

    def feed(self, data: bytes, address: Address) -> None:
        self.pump.feed(data, address, self.stage.now)

    def fence(self) -> None:
        self.pump.ahead = self.stage.now  # what is captured has no other clock
        self.pump.release()
        self.pump.take_facts()

    def taken(self) -> list[tuple[bytes, Address]]:
        return self.pump.take_sent() + super().taken()


class LiveRoad:
    """The thread on a real port; every browser is a socket of its own."""

    rude = True

    def __init__(self, family: int = socket.AF_INET) -> None:
        self.host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self.port = self._socket(family)
        self.address: Address = self.port.getsockname()[:2]
        self.stage: Any = None
        self.native = NativePath(family, self, lambda: self.stage.now)
        self.pump, self.table = self.native.pump, self.native.table
        self.sender = NativeSender(self.pump, self.port, self.table, lambda: self.stage.now)
        self.selector = selectors.DefaultSelector()
        self.browsers: dict[Address, socket.socket] = {}
        self.sent = 0
        self.aside = self._socket(family)
        self.pump.start(self.port.fileno())

    def __getattr__(self, name: str) -> Callable[..., None]:
        return getattr(self.stage, name)

    def _socket(self, family: int) -> socket.socket:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.bind((self.host, 0))
        return sock

    def home(self) -> Address:
        sock = self._socket(self.port.family)
        address: Address = sock.getsockname()[:2]
        self.browsers[address] = sock
        self.selector.register(sock, selectors.EVENT_READ, address)
        return address

    def feed(self, data: bytes, address: Address) -> None:
        sock = self.browsers.get(address, self.aside)
        sock.sendto(data[:LARGEST], self.address)
        self.sent += 1
        if len(data) > 3000:  # a few such fill a socket's buffer
            self._handled()

    def fence(self) -> None:
        """A batch is sent before the next is received: when one more datagram was counted, all before it has left."""
        self._handled()
        self.feed(b"\xff", ("", 0))
        self._handled()
        self.stage.fed += 1
        self.pump.take_facts()

    def _handled(self) -> None:
        while self.pump.datagrams_in < self.sent:
            self.pump.take_facts()  # and give the blaster its turn

    def taken(self) -> list[tuple[bytes, Address]]:
        came = []
        for key, _ in self.selector.select(0):
            sock: Any = key.fileobj
            while True:
                try:
                    came.append((sock.recv(2048, socket.MSG_DONTWAIT), key.data))
                except BlockingIOError:
                    break
        return came

    def close(self) -> None:
        self.pump.stop_soon()
        self.aside.sendto(b"", self.address)
        self.pump.stop()
        for sock in (self.port, self.aside, *self.browsers.values()):
            sock.close()
        self.selector.close()
