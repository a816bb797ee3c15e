"""A process that sends what waits for e-mail, once: python -m tests.visitation.sending URL PORT MOMENT HOLDER."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from email.headerregistry import Address

from server.mail import Mail, MailServer
from tests.visitation.post import SENDER
from tests.visitation.world import StillClock
from visitation.notices.kinds import Channel
from visitation.services.desk import Desk
from visitation.services.notices_delivery import Delivery
from visitation.storage.database import Database
from visitation.storage.leases import Leases


async def main(url: str, port: str, moment: str, holder: str) -> None:
    database, clock = Database(url), StillClock(datetime.fromisoformat(moment))
    carrier = Mail(MailServer("localhost", int(port), "none", Address(addr_spec=SENDER.mail)))
    leases = Leases(database, clock, holder)
    await Delivery(Desk(database, clock), leases, Channel.EMAIL, carrier, SENDER).run()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
