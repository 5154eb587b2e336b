"""What holds of every answer, whatever role asks and whatever is known of the child. The rules themselves are in tests/spec/access."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from fjorten.access.permissions import GRANTS, Permission, Role, permissions_of
from fjorten.access.policies import Answer, Ground, Subject, Viewer, may_open
from fjorten.organisation.models import Employee

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CHILD, CLINIC, OTHER_CLINIC = 7, 1, 2


def every_question() -> list[tuple[Viewer, Subject]]:
    """Every combination of one role and of all that may hold of a child."""
    yes_or_no = (False, True)
    questions = []
    for role, clinic, municipality, *rest in product(Role, (None, CLINIC, OTHER_CLINIC), ("9901", "9902"), *[yes_or_no] * 8):
        protected, time, case, blocked, authorised, emergency, kin, named = rest
        later = AT + timedelta(minutes=1)
        subject = Subject(
            child=CHILD,
            municipality=municipality,
            clinic=clinic,
            is_protected=protected,
            has_time_with_viewer=time,
            is_viewers_case=case,
            is_blocked_for_viewer=blocked,
            authorised_until=later if authorised else None,
            emergency_until=later if emergency else None,
        )
        ours = {"kin": [CHILD] if kin else [], "protected_team": [CHILD] if named else []}
        questions.append((Viewer(municipality="9901", roles=[role], clinics=[CLINIC], **ours), subject))
    return questions


def test_whatever_holds_the_walls_stand() -> None:
    for viewer, subject in every_question():
        verdict = may_open(viewer, subject, at=AT)
        is_shown = verdict.answer is Answer.SHOWN
        assert is_shown == (verdict.ground is not None)
        assert (verdict.answer is Answer.REFUSED) == bool(verdict.sentence), "who is refused reads why; who finds nothing reads nothing"
        assert not verdict.may_break_glass or Permission.BREAK_GLASS in permissions_of(viewer.roles)
        if is_shown:
            assert Permission.SEE_CHILDREN in permissions_of(viewer.roles)
            assert subject.municipality == viewer.municipality
            assert CHILD not in viewer.kin
            assert not subject.is_protected or CHILD in viewer.protected_team
            assert not subject.is_blocked_for_viewer or verdict.ground is Ground.EMERGENCY
        if verdict.may_break_glass:
            opened_in_need = may_open(viewer, replace(subject, emergency_until=AT + timedelta(hours=1)), at=AT)
            assert opened_in_need.ground is Ground.EMERGENCY, "who is told that it can be opened in need can open it"


def test_every_role_and_every_permission_stands_in_the_table() -> None:
    assert set(GRANTS) == set(Role)
    assert {permission for grants in GRANTS.values() for permission in grants} == set(Permission)


def test_the_staffs_roles_are_roles_here() -> None:
    assert {role.value for role in Employee.Role} <= {role.value for role in Role}
