"""Who must get nothing of a case: agencies, and people whom we know."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from safehold.protection import case_people
from safehold.protection.case_acts import form_page, frame, of_an_opened_case
from safehold.protection.case_forms import BarAgencyForm, BarPersonForm, WhyForm
from safehold.records.agencies import queries as agencies
from safehold.records.cases import queries
from safehold.records.cases.queries import CaseNotFound
from safehold.records.people.operations import PersonNotFound
from safehold.records.shares import case_lists
from safehold.records.shares.case_lists import EndedMeanwhile
from safehold.records.shares.must_not import NotListed, OwnEntry
from safehold.records.staff.queries import member_of

_LISTS = "Must receive nothing of a case"


@of_an_opened_case
def the_list(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the list of a case, and put an agency or a person on it."""
    member, what = member_of(request), request.POST.get("what", "")
    parties = queries.parties_of(case, by=member)
    search = case_people.searched(request)
    theirs = [(str(each.identity), f"{each.name}: {', '.join(each.parts)}") for each in parties]
    agency = BarAgencyForm(
        request.POST if what == "agency" else None,
        agencies=[(str(each.pk), each.name) for each in agencies.in_use()],
        auto_id="id_agency_%s",
    )
    person = BarPersonForm(
        request.POST if what == "person" else None,
        people=case_people.merged(theirs, search.choices),
        auto_id="id_person_%s",
    )
    sent = {"agency": agency, "person": person}.get(what)
    if sent is not None and sent.is_valid() and _put(request, case, what, sent):
        return redirect("protection:case_must_not", case_id=case.pk)
    page = frame(case) | {
        "title": _LISTS,
        "entries": case_lists.open_list(
            case_id=case.pk, reason=_LISTS, by=member, at=timezone.now()
        ),
        "ended": case_lists.ended(case.pk),
        "search": search,
        "agency": agency,
        "person": person,
        "form": sent or search.form,
    }
    return render(request, "protection/case_must_not.html", page)


@of_an_opened_case
def end(request: HttpRequest, case: Any, entry_id: UUID) -> HttpResponse:
    """Take an entry off the list."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case_lists.end(
                case_id=case.pk,
                entry_id=entry_id,
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except CaseNotFound as error:
            raise Http404(str(error)) from None
        except (OwnEntry, EndedMeanwhile) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:case_must_not", case_id=case.pk)
    return form_page(request, case, form, "Take it off the list", "Take it off")


def _put(request: HttpRequest, case: Any, what: str, form: Form) -> bool:
    put = case_lists.put_person if what == "person" else case_lists.put_agency
    try:
        put(case_id=case.pk, **form.cleaned_data, by=member_of(request), at=timezone.now())
    except (NotListed, PersonNotFound) as error:
        form.add_error(None, str(error))
        return False
    except CaseNotFound as error:
        raise Http404(str(error)) from None
    return True
