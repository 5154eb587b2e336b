"""
Hvem som får gjøre hva

Hver rolle får det som står her, og ikke mer. Ingen rolle åpner alt, og den som drifter systemet, ser ingen barn. Hva en rolle får gjøre med *dette* barnet, står i «Hvem som får åpne et barns journal». Fordelingen er vår egen [default].
"""

from fjorten.access.permissions import GRANTS, Permission, Role, permissions_of
from tests.spec.tables import check_table, spec


def roles_with(tillatelse: str) -> str:
    return ", ".join(role.value for role in Role if Permission(tillatelse) in GRANTS[role]) or "ingen"


@spec("Hver tillatelse, og hvem som har den")
def test_every_permission_and_who_has_it() -> None:
    check_table(
        roles_with,
        """
        tillatelse      | svar
        see_counts      | public_health_nurse, midwife, doctor, physiotherapist, school_nurse, clerk, leader, analyst
        see_children    | public_health_nurse, midwife, doctor, physiotherapist, school_nurse, clerk, leader
        see_journal     | public_health_nurse, midwife, doctor, physiotherapist, school_nurse
        write_journal   | public_health_nurse, midwife, doctor, physiotherapist, school_nurse
        open_journal    | public_health_nurse, midwife, school_nurse, clerk
        book            | public_health_nurse, midwife, doctor, physiotherapist, school_nurse, clerk, leader
        follow_up       | public_health_nurse, midwife, doctor, physiotherapist, school_nurse, clerk, leader
        assess_concern  | public_health_nurse, midwife, doctor, physiotherapist, school_nurse, leader
        settle_findings | public_health_nurse, clerk, leader
        see_messages    | public_health_nurse, midwife, doctor, physiotherapist, school_nurse, clerk, leader
        send_messages   | public_health_nurse, clerk
        approve_texts   | leader
        plan_rosters    | clerk, leader
        manage_staff    | leader
        change_settings | leader
        see_access_log  | leader, privacy_officer
        review_access   | leader, privacy_officer
        see_status      | leader, administrator
        break_glass     | public_health_nurse, midwife, doctor, physiotherapist, school_nurse
        """,
    )


def of_several(roller: str, tillatelse: str) -> str:
    return "ja" if Permission(tillatelse) in permissions_of(Role(role) for role in roller.split(" og ") if role) else "nei"


@spec("Den som har flere roller, får det hver av dem gir")
def test_somebody_with_several_roles() -> None:
    check_table(
        of_several,
        """
        roller                         | tillatelse    | svar
                                       | see_counts    | nei
        analyst                        | see_children  | nei
        leader og public_health_nurse  | write_journal | ja
        leader og public_health_nurse  | approve_texts | ja
        leader                         | write_journal | nei
        administrator og analyst       | see_children  | nei
        """,
    )
