"""Going through the log: what is odd and waits for a verdict, one child's log with the family's extract of it, and one employee's."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.access.queries import accounts_of
from fjorten.audit.looks import note_look
from fjorten.care_relations.actions import close_access_review
from fjorten.care_relations.actions import review_emergency as close_emergency
from fjorten.care_relations.extracts import Asker, extract_of_looks
from fjorten.care_relations.queries import emergency_numbered, who_could_open
from fjorten.care_relations.reviewers import refuse_own_review
from fjorten.kernel.refusals import Refused
from fjorten.web.access_log.asking import before_of, child_whose_log, day_of, week_of
from fjorten.web.access_log.extracts import extract_page
from fjorten.web.access_log.forms import ReviewForm
from fjorten.web.access_log.presenters import childs_log_page, employees_log_page
from fjorten.web.access_log.review_presenters import Forms, key_of, key_of_emergency, review_page, reviewed_page
from fjorten.web.access_log.showing import Week, log_of_child, log_of_employee, odd_in, reviewed, to_review
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import a_number, is_number
from fjorten.web.gate import may
from fjorten.web.looking import look_at, look_through
from fjorten.web.receipts import Receipt, give_receipt


@require_GET
@may(Permission.REVIEW_ACCESS)
def access_log(request: StaffRequest) -> HttpResponse:
    """Show what waits for a verdict."""
    return _to_review(request, {}, status=200)


@require_POST
@may(Permission.REVIEW_ACCESS)
def review_emergency(request: StaffRequest) -> HttpResponse:
    """Give a verdict on an emergency."""
    emergency = emergency_numbered(a_number(request, "emergency"), request.staff.municipality)
    refuse_own_review(
        who=emergency.user.who,
        about=str(emergency.person.public_id),
        reviewer=request.staff.who,
        municipality=request.staff.municipality,
    )
    form = ReviewForm(key_of_emergency(emergency), request.POST)
    if form.is_valid():
        by = request.staff.actor(using=Permission.REVIEW_ACCESS)
        try:
            close_emergency(emergency=emergency, verdict=form.verdict(), note=form.cleaned_data["note"], by=by, at=request.at)
        except Refused as refusal:
            if emergency.reviewed_at is not None:
                raise
            form.refused(refusal)
        else:
            return _done(request, gettext("Nødåpningen til %(name)s er gjennomgått.") % {"name": emergency.user.display_name})
    return _to_review(request, {key_of_emergency(emergency): form}, status=422)


@require_POST
@may(Permission.REVIEW_ACCESS)
def review_odd(request: StaffRequest) -> HttpResponse:
    """
    Give a verdict on what one viewer did on one day that is odd, as far as the reviewer saw it: when more has come since, or somebody else
    has closed it, nothing is written and the row is shown anew.
    """
    on, up_to = day_of(request.POST, "on", latest=request.today), request.POST.get("up_to", "")
    if on is None or not is_number(up_to):
        raise Http404
    who, about = request.POST.get("who", ""), request.POST.get("about", "")
    odd = next((row for row in odd_in(Week(on), request.staff.municipality) if (row.who, row.about, row.on) == (who, about, on)), None)
    if odd is None:
        raise Http404
    refuse_own_review(who=odd.who, about=odd.about, reviewer=request.staff.who, municipality=request.staff.municipality)
    form = ReviewForm(key_of(odd), request.POST)
    if odd.review is not None:
        form.is_valid()
        form.add_error(None, gettext("Dette er allerede gjennomgått. Se hva som ble skrevet, under Gjennomgått."))
    elif odd.up_to != int(up_to):
        form.is_valid()
        form.add_error(None, gettext("Det er kommet flere oppslag siden du åpnet siden. Se på raden igjen før du avslutter den."))
    elif form.is_valid():
        by = request.staff.actor(using=Permission.REVIEW_ACCESS)
        try:
            close_access_review(
                municipality=request.staff.municipality,
                odd=odd,
                verdict=form.verdict(),
                note=form.cleaned_data["note"],
                by=by,
                at=request.at,
            )
        except Refused as refusal:
            form.refused(refusal)
        else:
            return _done(request, gettext("Oppslagene til %(name)s er gjennomgått.") % {"name": odd.name})
    return _to_review(request, {key_of(odd): form}, status=422)


@require_GET
@may(Permission.REVIEW_ACCESS)
def reviewed_log(request: StaffRequest) -> HttpResponse:
    """Show what was given a verdict in a week, and by whom."""
    week = week_of(request)
    found = reviewed(week, staff=request.staff, at=request.at)
    look_through(request, "reviewed_log", rows=len(found.emergencies) + len(found.rows))
    page = reviewed_page(found, week, staff=request.staff, today=request.today)
    return render(request, "access_log/reviewed.html", {"page": page})


@require_GET
@may(Permission.SEE_ACCESS_LOG)
def childs_log(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show who looked at a child, and who could on a day that is asked for."""
    person = child_whose_log(request, public_id, page="access_log")
    on = day_of(request.GET, "on", latest=request.today)
    log = log_of_child(person, staff=request.staff, at=request.at, before=before_of(request))
    page = childs_log_page(
        person,
        log,
        is_named=request.staff.may(Permission.SEE_CHILDREN),
        on=on,
        today=request.today,
        could=who_could_open(person, on=on) if on else None,
        may_give=request.staff.may(Permission.MANAGE_STAFF),
    )
    return render(request, "access_log/child.html", {"page": page})


@require_GET
@may(Permission.SEE_ACCESS_LOG)
def extract_of_log(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show the family's extract of a child's log, to be printed: it is written down as a print. Only to whoever may open the child."""
    person = look_at(request, public_id, page="extract")
    try:
        asker = Asker(request.GET.get("asker", ""))
    except ValueError:
        raise Http404 from None
    lines = extract_of_looks(person, asker=asker, on=request.today)
    note_look(
        "access_log.printed",
        municipality=request.staff.municipality.code,
        persons=[str(person.public_id)],
        detail={"page": "extract", "asker": asker.value},
        by=request.staff.actor(using=Permission.SEE_ACCESS_LOG, ground="review"),
        at=request.at,
    )
    return render(request, "access_log/extract.html", {"page": extract_page(person, lines, asker=asker, on=request.today)})


@require_GET
@may(Permission.SEE_ACCESS_LOG)
def employees_log(request: StaffRequest) -> HttpResponse:
    """Show what an employee opened, printed, exported, tried and was refused; before one is chosen, the choice."""
    accounts = accounts_of(request.staff.municipality)
    told, on = request.GET.get("account", ""), day_of(request.GET, "on", latest=request.today)
    chosen = next((user for user in accounts if str(user.pk) == told), None)
    if told and chosen is None:
        raise Http404
    log = None
    if chosen is not None:
        log = log_of_employee(chosen, staff=request.staff, at=request.at, on=on, before=before_of(request))
        note_look(
            "list.seen",
            municipality=request.staff.municipality.code,
            detail={"list": "employees_log", "rows": len(log.looks), "of": chosen.who},
            by=request.staff.actor(ground="list"),
            at=request.at,
        )
    page = employees_log_page(accounts, chosen, log, on=on, today=request.today, staff=request.staff)
    return render(request, "access_log/employee.html", {"page": page})


def _to_review(request: StaffRequest, sent: Forms, *, status: int) -> HttpResponse:
    week = week_of(request)
    found = to_review(week, staff=request.staff, at=request.at)
    look_through(request, "access_log", rows=len(found.emergencies) + len(found.rows))
    page = review_page(found, week, staff=request.staff, today=request.today, sent=sent)
    return render(request, "access_log/review.html", {"page": page, "sent": next(iter(sent.values()), None)}, status=status)


def _done(request: StaffRequest, sentence: str) -> HttpResponse:
    give_receipt(request, Receipt(sentence))
    until = request.GET.get("until", "")
    return redirect(f"{reverse('access_log')}?until={week_of(request).last.isoformat()}" if until else reverse("access_log"))
