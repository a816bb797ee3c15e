"""The port's buffers as the kernel gave them, and the addresses it is offered by."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from relay.port import Port, candidate

LIMIT = Path("/proc/sys/net/core/rmem_max")
AS_NOBODY = """
import os
from relay.port import Port
if os.geteuid() == 0:
    os.setgroups([]); os.setuid(65534)
port = Port("127.0.0.1", 0, {wanted})
print(port.receiving)
"""


def test_the_buffers_told_are_those_the_kernel_gave():
    port = Port("127.0.0.1", 0, 1 << 17)
    assert (port.receiving, port.sending) == (1 << 17, 1 << 17)
    assert port.sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == 2 << 17
    port.close()


def test_who_may_gets_more_than_the_limit_and_who_may_not_is_told_how_much_it_is():
    limit = int(LIMIT.read_text())
    wanted = 2 * limit
    if os.geteuid() == 0:
        port = Port("127.0.0.1", 0, wanted)
        assert port.receiving == wanted
        port.close()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AS_NOBODY.format(wanted=wanted)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) == limit


def test_a_port_that_cannot_be_bound_leaves_no_socket():
    with pytest.raises(OSError, match="assign"):
        Port("203.0.113.77", 0)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", ("192.0.2.1", 9)),
        ("192.0.2.1:70", ("192.0.2.1", 70)),
        ("2001:db8::1", ("2001:db8::1", 9)),
        ("[2001:db8::1]:70", ("2001:db8::1", 70)),
    ],
)
def test_an_address_is_read_with_or_without_a_port(text, address):
    assert candidate(text, 9) == address


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "192.0.2.1:", "192.0.2.1:x", "[::1]", "[::1]:", "192.0.2.1:65536", "a:1"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=r"port|address"):
        candidate(text, 9)
