"""Where editors put a page into another language, and a speaker's reading of it is noted."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.content import languages, publishing, rendering, words
from safehold.content.languages import InLanguage, Standing
from safehold.design.languages import offered, speaking
from safehold.domain.languages import SOURCE, Known, known
from safehold.records.staff.queries import member_of

HERE: Final = "/staff/content/"
CONFLICT: Final = 409
STANDINGS: Final = {
    Standing.NONE: "Not begun",
    Standing.UNFINISHED: "Not finished",
    Standing.UNREAD: "Waits for a speaker",
    Standing.CHANGED: "Changed since it was read: in English again",
    Standing.APPROVED: "Shown",
}
ONE_LINE: Final = 80  # characters, from which a box has more than one row


class WordsForm(forms.Form):
    """A box for each text of the page, named after the text and not after its place."""

    def __init__(self, found: InLanguage, data: Any = None) -> None:
        initial = {languages.key_of(each.text): found.said.get(each.text) for each in found.texts}
        super().__init__(data=data, initial=initial)
        typing = {"lang": found.code, "dir": "auto", "spellcheck": True}
        for each in found.texts:
            self.fields[languages.key_of(each.text)] = forms.CharField(
                required=False,
                label=each.sort,
                help_text=each.text,
                max_length=languages.LONGEST,
                widget=forms.Textarea(attrs=typing),
            )


class ApprovalForm(forms.Form):
    """Who has read it."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    speaker = forms.CharField(
        label="Name of the speaker",
        help_text="Somebody who speaks it well and has read this page in it, from top to end.",
        max_length=120,
        error_messages={"required": "Give the name of who read it: they speak the language well."},
    )
    read = forms.BooleanField(
        label="They have read exactly this version",
        error_messages={"required": "Say that they have read exactly this version."},
    )


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List every published page, and how far it is in one language."""
    choices = [each for code, each in known().items() if code != SOURCE]
    chosen = _language(request.GET.get("language", "")) or _first(choices)
    page: dict[str, Any] = {
        "title": "Pages in other languages",
        "here": HERE,
        "back": reverse("wagtailadmin_home"),
        "back_to": "Public pages",
        "languages": choices,
        "chosen": chosen,
        "rows": languages.of_all(publishing.live_pages(), chosen.code),
        "standings": STANDINGS,
        "offered": chosen.code in {each.code for each in offered()},
        "speaks": _speaks(chosen.code),
    }
    return render(request, "content/staff_languages.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """Show a page's words beside the English; a POST keeps them."""
    found = _found(page_id, code)
    if request.method != "POST":
        return _page(request, found, WordsForm(found))
    form = WordsForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    said = {each.text: form.cleaned_data[languages.key_of(each.text)] for each in found.texts}
    try:
        languages.save(
            page_id=page_id,
            code=code,
            said=said,
            seen=_seen(request),
            by=member_of(request),
            at=timezone.now(),
        )
    except languages.Overtaken as other:
        theirs = [
            (each.sort, other.now[each.text])
            for each in found.texts
            if other.now.get(each.text, "") not in {"", said[each.text]}
        ]
        problem = f"{other} Nothing of yours is lost, and nothing was saved. Save again to keep it."
        return _page(request, found, form, problem=problem, theirs=theirs)
    publishing.draw_one(found.page, by=member_of(request), at=timezone.now())
    return redirect("page_in_language", page_id=page_id, code=code)


@require_GET
def preview(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """Show a page as visitors would be shown it, whoever has read it."""
    found = _found(page_id, code)
    there = {page.address for page in publishing.live_pages()}
    with speaking(code, "pages"):
        return HttpResponse(rendering.html(words.put(found.page, found.said), there))


@require_POST
def approve(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """Note that a named speaker has read exactly what stands, and show the page in its language."""
    found, form = _found(page_id, code), ApprovalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, WordsForm(found), approving=form)
    try:
        languages.approve(
            page_id=page_id,
            code=code,
            digest=form.cleaned_data["digest"],
            speaker=form.cleaned_data["speaker"],
            by=member_of(request),
            at=timezone.now(),
        )
    except languages.NotReady as error:
        return _page(request, found, WordsForm(found), approving=form, problem=str(error))
    publishing.draw_one(found.page, by=member_of(request), at=timezone.now())
    return redirect("page_in_language", page_id=page_id, code=code)


@require_POST
def withdraw(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """Take a page out of a language; its words stay."""
    found = _found(page_id, code)
    languages.withdraw(page_id=page_id, code=code, by=member_of(request), at=timezone.now())
    publishing.draw_one(found.page, by=member_of(request), at=timezone.now())
    return redirect("page_in_language", page_id=found.page.pk, code=code)


def _page(
    request: HttpRequest,
    found: InLanguage,
    form: WordsForm,
    *,
    approving: ApprovalForm | None = None,
    problem: str = "",
    theirs: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    language = known()[found.code]
    page: dict[str, Any] = {
        "title": f"{found.page.title}: {language.autonym}",
        "here": HERE,
        "back": f"{reverse('pages_in_languages')}?language={found.code}",
        "back_to": f"All pages: {language.autonym}",
        "found": found,
        "language": language,
        "boxes": [(each, form[languages.key_of(each.text)]) for each in found.texts],
        "form": approving if approving is not None and approving.errors else form,
        "approving": approving or ApprovalForm(initial={"digest": found.digest}),
        "standings": STANDINGS,
        "speaks": _speaks(found.code),
        "problem": problem,
        "theirs": theirs or [],
        "one_line": ONE_LINE,
    }
    status = CONFLICT if problem else 200
    return render(request, "content/staff_page_in_language.html", page, status=status)


def _found(page_id: int, code: str) -> InLanguage:
    try:
        return languages.find(page_id, code)
    except languages.NotThere as error:
        raise Http404(str(error)) from None


def _language(code: str) -> Known | None:
    return known().get(code) if code != SOURCE else None


def _first(choices: list[Known]) -> Known:
    spoken = {each.code for each in offered()}
    return next((each for each in choices if each.code in spoken), choices[0])


def _speaks(code: str) -> bool:
    """Tell whether what stands around a page is approved in a language."""
    return any(each.code == code and each.speaks("pages") for each in offered())


def _seen(request: HttpRequest) -> int:
    seen = str(request.POST.get("seen", ""))
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else -1
