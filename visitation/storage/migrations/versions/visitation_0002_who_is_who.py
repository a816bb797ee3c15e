"""Who is who and where: units, terminals, prisoners, contacts of the whole estate, what stands between people.

Revision ID: visitation_0002
Revises: visitation_0001
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

from visitation.storage.migrations.shapes import (
    create,
    day,
    index,
    maybe,
    moment,
    partial,
    prose,
    text,
    truth,
    values,
    was,
    whole,
)

revision = "visitation_0002"
down_revision = "visitation_0001"
branch_labels = None
depends_on = None

FORWARDS = {"days_forwards": "last_day >= first_day"}


def upgrade() -> None:
    _prisons()
    _prisoners()
    _contacts()
    _professionals()
    _restrictions()


def downgrade() -> None:
    raise NotImplementedError("a contact is nobody's in particular any more: there is no way back")


def _prisons() -> None:
    with op.batch_alter_table("prison") as prison:
        prison.add_column(was(truth("active"), "true"))
        prison.add_column(maybe(text("country", 2)))
        prison.add_column(maybe(text("subdivision", 6)))
        prison.add_column(was(whole("week_start"), "0"))
        for name in ("min_days", "max_days"):
            prison.add_column(maybe(whole(name)))
        for name in ("max_total", "max_adults", "max_children", "max_children_per_adult"):
            prison.add_column(maybe(whole(name)))
        prison.add_column(was(whole("version"), "1"))
    op.execute("UPDATE prison SET country = 'FI' WHERE policy_pack = 'finland'")
    create(
        "unit",
        text("id"), text("prison_id"), maybe(text("parent_id")), text("name", 40), whole("version"),
        refs={"prison_id": "prison", "parent_id": "unit"},
        unique=("prison_id", "name"),
        indexes=[("parent_id",)],
    )  # fmt: skip
    _units_of_terminals()
    blocked = {
        "blocked_from_when": "state <> 'blocked' OR blocked_from IS NOT NULL",
        "blocked_forwards": "blocked_until > blocked_from",
    }
    with op.batch_alter_table("terminal") as terminal:
        terminal.alter_column("unit_id", nullable=False, existing_type=sa.String(36))
        terminal.drop_column("unit")
        terminal.create_unique_constraint(op.f("uq_terminal_prison_id_place"), ["prison_id", "place"])
        terminal.create_foreign_key(op.f("fk_terminal_unit_id"), "unit", ["unit_id"], ["id"])
        for what, rule in blocked.items():
            terminal.create_check_constraint(op.f(f"ck_terminal_{what}"), rule)
    index("terminal", "unit_id")


def _units_of_terminals() -> None:
    with op.batch_alter_table("terminal") as terminal:
        terminal.drop_constraint("uq_terminal_prison_id_cell", type_="unique")
        terminal.alter_column("cell", new_column_name="place", existing_type=sa.String(20))
        terminal.add_column(maybe(text("unit_id")))
        terminal.add_column(was(text("use", 20), "'cell'"))
        terminal.add_column(was(text("acoustic_grade", 20), "'open'"))
        terminal.add_column(was(text("state", 20), "'active'"))
        terminal.add_column(maybe(moment("blocked_from")))
        terminal.add_column(maybe(moment("blocked_until")))
        terminal.add_column(was(whole("version"), "1"))
    terminals = sa.table("terminal", *map(sa.column, ("prison_id", "unit", "unit_id")))
    units = sa.table("unit", *map(sa.column, ("id", "prison_id", "name", "version")))
    for prison_id, name in op.get_bind().execute(
        sa.select(terminals.c.prison_id, terminals.c.unit).distinct()
    ):
        made = str(uuid.uuid4())
        op.execute(units.insert().values(id=made, prison_id=prison_id, name=name, version=1))
        here = (terminals.c.prison_id == prison_id) & (terminals.c.unit == name)
        op.execute(terminals.update().where(here).values(unit_id=made))


def _prisoners() -> None:
    with op.batch_alter_table("prisoner") as prisoner:
        prisoner.add_column(maybe(text("unit_id")))
        prisoner.add_column(maybe(text("cell", 20)))
        prisoner.add_column(maybe(text("number", 20)))
        prisoner.add_column(was(text("family_name", 60), "''"))
        prisoner.add_column(maybe(day("born_on")))
        prisoner.add_column(was(text("status", 20), "'in'"))
        prisoner.add_column(maybe(day("leaves_on")))
        prisoner.add_column(was(truth("remand"), "false"))
        prisoner.add_column(maybe(text("category", 40)))
        prisoner.add_column(maybe(text("incentive", 40)))
        prisoner.add_column(was(values("languages"), "'[]'"))
        prisoner.add_column(was(whole("version"), "1"))
    op.execute("UPDATE prisoner SET number = substr(replace(id, '-', ''), 1, 20)")
    for column, source in (("unit_id", "unit_id"), ("cell", "place")):
        op.execute(
            f"UPDATE prisoner SET {column} = "  # noqa: S608
            f"(SELECT {source} FROM terminal WHERE terminal.id = prisoner.terminal_id)"
        )
    with op.batch_alter_table("prisoner") as prisoner:
        prisoner.alter_column("number", nullable=False, existing_type=sa.String(20))
        prisoner.create_unique_constraint(op.f("uq_prisoner_number"), ["number"])
        prisoner.create_foreign_key(op.f("fk_prisoner_unit_id"), "unit", ["unit_id"], ["id"])
    index("prisoner", "unit_id")


def _contacts() -> None:
    create(
        "prisoner_contact",
        text("id"), text("prisoner_id"), text("contact_id"), text("type", 1), text("relation_code", 40),
        values("relation"), text("state", 20), maybe(text("asked_by")), maybe(moment("asked_at")),
        maybe(day("expected_by")), maybe(text("decided_by")), maybe(moment("decided_at")), prose("reason"),
        maybe(moment("objections_until")), whole("version"),
        refs={"prisoner_id": "prisoner", "contact_id": "contact"},
        unique=("prisoner_id", "contact_id"),
        indexes=[("contact_id",)],
    )  # fmt: skip
    partial("ix_prisoner_contact_requested", "prisoner_contact", "asked_at", where="state = 'requested'")
    _links_of_contacts()
    with op.batch_alter_table("contact") as contact:
        contact.drop_index("ix_contact_prisoner_id")
        contact.drop_column("relation")
        contact.alter_column("prisoner_id", nullable=True, existing_type=sa.String(36))
        contact.add_column(was(text("family_name", 60), "''"))
        contact.add_column(maybe(day("born_on")))
        contact.add_column(was(values("languages"), "'[]'"))
        contact.add_column(maybe(text("language", 2)))
        contact.add_column(maybe(text("email", 254)))
        contact.add_column(maybe(text("telephone", 30)))
        contact.add_column(was(whole("version"), "1"))
    op.execute("UPDATE contact SET prisoner_id = NULL")
    with op.batch_alter_table("contact") as contact:
        contact.create_unique_constraint(op.f("uq_contact_prisoner_id"), ["prisoner_id"])
        contact.create_check_constraint(
            op.f("ck_contact_prisoner_when_prisoner"), "(kind = 'prisoner') = (prisoner_id IS NOT NULL)"
        )
    index("contact", "family_name")


def _professionals() -> None:
    create(
        "responsible_adult",
        text("child_id"), text("adult_id"),
        refs={"child_id": "contact", "adult_id": "contact"},
        key=("child_id", "adult_id"),
        checks={"not_oneself": "child_id <> adult_id"},
        indexes=[("adult_id",)],
    )  # fmt: skip
    create(
        "professional_status",
        text("id"), text("contact_id"), text("standing", 40), text("register_name", 100), text("number", 60),
        maybe(text("checked_by")), day("checked_on"), day("recheck_on"), maybe(day("ended_on")),
        whole("version"),
        refs={"contact_id": "contact"},
        indexes=[("contact_id",)],
    )  # fmt: skip
    partial(
        "uq_professional_status_held", "professional_status", "contact_id", "standing",
        where="ended_on IS NULL", unique=True,
    )  # fmt: skip


def _links_of_contacts() -> None:
    """Each contact was known to one prisoner, and could visit: that is an approved link."""
    contacts = sa.table(
        "contact",
        sa.column("id"),
        sa.column("prisoner_id"),
        sa.column("kind"),
        sa.column("relation", sa.JSON()),
    )
    links = sa.table(
        "prisoner_contact",
        *map(
            sa.column,
            ("id", "prisoner_id", "contact_id", "type", "relation_code", "state", "reason", "version"),
        ),
        sa.column("relation", sa.JSON()),
    )
    rows = [
        {
            "id": str(uuid.uuid4()),
            "prisoner_id": contact.prisoner_id,
            "contact_id": contact.id,
            "type": "O" if contact.kind == "professional" else "S",
            "relation_code": "other",
            "relation": contact.relation,
            "state": "approved",
            "reason": "",
            "version": 1,
        }
        for contact in op.get_bind().execute(sa.select(contacts))
    ]
    op.bulk_insert(links, rows)


def _restrictions() -> None:
    create(
        "restriction",
        text("id"), text("type", 20), text("scope", 20), maybe(text("contact_id")), maybe(text("prisoner_id")),
        values("covers"), text("authority", 100), maybe(text("case_no", 60)), prose("ground"),
        day("first_day"), maybe(day("last_day")), maybe(text("made_by")), moment("made_at"),
        maybe(text("lifted_by")), maybe(moment("lifted_at")), whole("version"),
        refs={"contact_id": "contact", "prisoner_id": "prisoner"},
        checks={
            "contact_by_scope": "(scope = 'prisoner' OR contact_id IS NOT NULL)"
            " AND (scope <> 'prisoner' OR contact_id IS NULL)",
            "prisoner_by_scope": "(scope = 'contact' OR prisoner_id IS NOT NULL)"
            " AND (scope <> 'contact' OR prisoner_id IS NULL)",
            "ban_ends": "type <> 'ban' OR last_day IS NOT NULL",
            **FORWARDS,
        },
        indexes=[("contact_id",), ("prisoner_id",)],
    )  # fmt: skip
    create(
        "non_association",
        text("id"), text("prisoner_id"), text("other_id"), text("reason", 40), text("extent", 20),
        prose("note"), day("first_day"), maybe(day("last_day")), whole("version"),
        refs={"prisoner_id": "prisoner", "other_id": "prisoner"},
        checks={"two_people": "prisoner_id <> other_id", **FORWARDS},
        indexes=[("prisoner_id",), ("other_id",)],
    )  # fmt: skip
    create(
        "alert",
        text("id"), text("prisoner_id"), text("code", 40), prose("note"), day("first_day"),
        maybe(day("last_day")), whole("version"),
        refs={"prisoner_id": "prisoner"},
        checks=FORWARDS,
        indexes=[("prisoner_id",)],
    )  # fmt: skip
