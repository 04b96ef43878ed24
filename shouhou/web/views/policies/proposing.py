"""A new version of a company pack: written or brought in, looked at, then proposed."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhou.kernel.errors import Refusal
from shouhou.kernel.hashing import digest
from shouhou.policies.actions import check_pack, propose_pack
from shouhou.policies.blank import blank_pack
from shouhou.policies.models import CompanyPack
from shouhou.policies.outcomes import outcome_words
from shouhou.policies.queries import VersionState, find_company_packs, find_packs_in_force, read_company_pack, states_of
from shouhou.policies.rules.book import Clash
from shouhou.policies.schema.loading import Pack
from shouhou.policies.wording import said
from shouhou.web.acting import perform
from shouhou.web.policy_changes import PackChanges, changes_between
from shouhou.web.policy_inputs import LONGEST_FILE, ProposalForm
from shouhou.web.policy_pages import PROPOSE, at_headquarters
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther

AROUND = 3
_LINE = re.compile(r":(\d+)$")


@dataclass(frozen=True)
class Side:
    """What one of two rules that contradict each other would come to."""

    title: str
    version: str
    says: list[str]


@dataclass
class Looked:
    """What came of looking at a text: what it changes, or where it is wrong. `sides`: two rules of which only one can count."""

    changes: PackChanges | None = None
    line: int = 0
    excerpt: list[tuple[int, str]] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_propose(request: ActorRequest) -> HttpResponse:
    """The form; a POST shows what the text would change, or, when that was seen, proposes it."""
    branch = at_headquarters(request.actor, PROPOSE)
    if request.method != "POST":
        return _show(request, ProposalForm(initial={"text": _begun(request.GET.get("pack", ""))}), Looked())
    form = _read(request)
    text, looked = form.data.get("text", ""), Looked()
    if not form.is_valid() or not perform(request, lambda: _look(text, looked), form=form):
        return _show(request, form, looked, status=422)
    if request.POST.get("step") != "propose":
        return _show(request, form, looked)
    if request.POST.get("looked_at") != _print_of(text):
        form.add_error(
            "text", _("The text was changed after you looked at what it changes. Look again, then propose it.")
        )
        return _show(request, form, looked, status=422)

    def act() -> CompanyPack:
        now = timezone.now()
        return propose_pack(
            text,
            reason=form.cleaned_data["reason"],
            branch=branch,
            by=request.actor,
            at=now,
            today=timezone.localdate(now),
        )

    made = perform(request, act, form=form)
    if made is None:
        return _show(request, form, looked, status=422)
    done = _("Version %(version)s is proposed. It counts once somebody else has approved it.")
    messages.success(request, done % {"version": made.version})
    return SeeOther(reverse("policy_version", args=[made.id]))


def _read(request: ActorRequest) -> ProposalForm:
    """What was sent; the text of a file takes the place of what was typed."""
    given = request.POST.copy()
    given["text"] = given.get("text", "").replace("\r\n", "\n")
    file, fault = request.FILES.get("file"), ""
    if file is not None:
        if (file.size or 0) > LONGEST_FILE:
            fault = _("The file is too large for a pack.")
        else:
            try:
                given["text"] = file.read().decode("utf-8-sig").replace("\r\n", "\n")
            except UnicodeDecodeError:
                fault = _("The file is no text in UTF-8.")
    form = ProposalForm(given)
    if fault:
        form.add_error("file", fault)
    return form


def _look(text: str, looked: Looked) -> bool:
    """Read the text, hold it to all that a proposal is held to, and compare it. Notes the line of a refusal, and raises it."""
    try:
        pack = read_company_pack("pack", text)
        check_pack(pack, today=timezone.localdate())
        looked.changes = changes_between(_in_force(pack), pack)
    except Refusal as refusal:
        looked.line = _line_of(refusal, text)
        lines = text.split("\n")
        first = max(looked.line - 1 - AROUND, 0)
        looked.excerpt = list(enumerate(lines[first : looked.line + AROUND], first + 1)) if looked.line else []
        if isinstance(refusal, Clash):
            looked.sides = [Side(said(one.title), one.version, outcome_words(one.then)) for one in refusal.between]
        refusal.field = "text"
        raise
    return True


def _in_force(pack: Pack) -> Pack | None:
    row = find_packs_in_force().filter(name=pack.id).first()
    return read_company_pack(row.name, row.text) if row else None


def _line_of(refusal: Refusal, text: str) -> int:
    """The line that a refusal speaks of: as it says itself, or that of the rule that it names; 0 where it names none."""
    told: dict[str, Any] = refusal.params
    if "line" in told:
        return int(told["line"])
    if place := _LINE.search(str(told.get("place", ""))):
        return int(place[1])
    for value in told.values():
        name = str(value).partition("@")[0].partition(".")[2]
        if name and (
            rule := re.search(rf"^\s*-?\s*(?:id|of): {re.escape(name.partition('.')[0])}\b", text, re.MULTILINE)
        ):
            return text.count("\n", 0, rule.end()) + 1
    return 0


def _print_of(text: str) -> str:
    """By which a text is known again, so that nothing is proposed whose effect was not looked at."""
    return digest([text.strip()]).hex()


def _begun(name: str) -> str:
    """What the form begins with: the version in force, else the newest one, else an explained blank."""
    rows = [one for one in find_company_packs() if one.name == name]
    states = states_of(rows)
    found = next((one for one in rows if states[one.id] is VersionState.IN_FORCE), rows[0] if rows else None)
    return found.text if found else blank_pack()


def _show(request: ActorRequest, form: ProposalForm, looked: Looked, *, status: int = 200) -> HttpResponse:
    text = form["text"].value() or ""
    context = {"form": form, "looked": looked, "looked_at": _print_of(text), "section": "administration"}
    return render(request, "policies/proposal_form.html", context, status=status)
