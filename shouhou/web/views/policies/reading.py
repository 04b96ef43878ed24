"""The packs in force and their rules, for everybody who has to know why something is so."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shouhou.policies.queries import (
    VersionState,
    book_in_force,
    find_company_packs,
    packs_in_force,
    read_company_pack,
    states_of,
)
from shouhou.policies.rules.book import RuleBook, UnknownRule
from shouhou.policies.rules.rule import Rule
from shouhou.policies.schema.loading import shipped_packs
from shouhou.policies.wording import said
from shouhou.web.policy_inputs import RuleFilter
from shouhou.web.policy_pages import (
    PROPOSE,
    RuleCard,
    book_for,
    by_layer,
    cards_of,
    facts_said,
    headquarters_of,
    shared_facts,
)
from shouhou.web.requests import ActorRequest

SHOWN = 100


@require_GET
def policies(request: ActorRequest) -> HttpResponse:
    """All packs; with something to look for, the rules that match instead."""
    wanted = RuleFilter(request.GET)
    wanted.is_valid()
    asked = {name: value for name, value in wanted.cleaned_data.items() if value}
    found = [rule for rule in book_in_force().rules if _matches(rule, asked)] if asked else []
    context = {
        "filter": wanted,
        "narrowed": bool(asked),
        "found": [RuleCard(rule, "") for rule in found[:SHOWN]],
        "left_off": max(len(found) - SHOWN, 0),
        "layers": [] if asked else by_layer(shipped_packs()),
        "own": [] if asked else _own_packs(),
        "may_propose": headquarters_of(request.actor, PROPOSE) is not None,
        "section": "administration",
    }
    return render(request, "policies/pack_list.html", context)


@require_GET
def policy_pack(request: ActorRequest, pack_id: str) -> HttpResponse:
    """One pack with its rules in words, and its versions if it is the company's own."""
    pack = next((one for one in packs_in_force() if one.id == pack_id), None)
    versions = [one for one in find_company_packs() if one.name == pack_id]
    if pack is None and not versions:
        raise Http404
    states = states_of(versions)
    context = {
        "pack": pack,
        "pack_id": pack_id,
        "title": said(pack.title if pack else read_company_pack(pack_id, versions[0].text).title),
        "is_own": bool(versions),
        "versions": [(one, states[one.id]) for one in versions],
        "open_proposal": next((one for one in versions if states[one.id] is VersionState.PROPOSED), None),
        "cards": cards_of(pack, pack.rules, book_for(pack, book_in_force)) if pack else [],
        "shared": facts_said(shared_facts(pack)) if pack else [],
        "may_propose": bool(versions) and headquarters_of(request.actor, PROPOSE) is not None,
        "section": "administration",
    }
    return render(request, "policies/pack_detail.html", context)


@require_GET
def policy_rule(request: ActorRequest, rule_id: str) -> HttpResponse:
    """One rule in all its versions, the one that counts now first."""
    book = book_in_force()
    pack = next((one for one in packs_in_force() if one.id == rule_id.partition(".")[0]), None)
    if pack is None:
        raise Http404
    context = {
        "rule_id": rule_id,
        "pack": pack,
        "pack_title": said(pack.title),
        "cards": cards_of(pack, reversed(_versions(book, rule_id)), book_for(pack, lambda: book)),
        "shared": facts_said(shared_facts(pack)),
        "section": "administration",
    }
    return render(request, "policies/rule_detail.html", context)


def _versions(book: RuleBook, rule_id: str) -> tuple[Rule, ...]:
    try:
        return tuple(book.get(rule_id))
    except UnknownRule as refusal:
        raise Http404 from refusal


def _own_packs() -> list[dict[str, Any]]:
    """Of each pack of the company the version in force and the newest."""
    versions = list(find_company_packs())
    states = states_of(versions)
    names = dict.fromkeys(one.name for one in versions)
    lines = []
    for name in names:
        rows = [one for one in versions if one.name == name]
        newest = rows[0]
        lines.append(
            {
                "name": name,
                "title": said(read_company_pack(name, newest.text).title),
                "in_force": next((one for one in rows if states[one.id] is VersionState.IN_FORCE), None),
                "newest": newest,
                "state": states[newest.id],
            }
        )
    return lines


def _matches(rule: Rule, asked: dict[str, str]) -> bool:
    goods = rule.keys.get("product_class")
    if "goods" in asked and goods is not None and asked["goods"] not in goods:
        return False
    if asked.get("layer", rule.layer.name.lower()) != rule.layer.name.lower():
        return False
    if asked.get("verified", rule.verified) != rule.verified:
        return False
    texts = (rule.id, *(both for one in (rule.title, rule.text, rule.source.title) for both in (one.zh, one.en)))
    searched = " ".join((*texts, rule.source.article or "")).casefold()
    return all(piece in searched for piece in asked.get("q", "").casefold().split())
