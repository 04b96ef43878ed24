"""What a rule gives, in a sentence for each of its kinds."""

from decimal import Decimal

from django.utils.translation import gettext as _

from shouhou.policies.rules.rights import (
    CountsRepairDays,
    Excludes,
    GivesGuarantee,
    GivesMoney,
    GivesRemedy,
    SetsBearer,
    SetsBurden,
    SetsClock,
    SetsDeduction,
    SetsDuty,
    SetsLadder,
    SetsLimit,
    SetsPrecedence,
    SetsRhythm,
    Then,
)
from shouhou.policies.rules.words import Less
from shouhou.policies.wording import (
    fact_name,
    fact_value,
    joined,
    number_words,
    per_cent,
    span_words,
    topic_words,
    word,
)


def outcome_words(then: Then) -> list[str]:
    """What the rule gives: the thing itself first, then each of its terms."""
    match then:
        case GivesRemedy():
            return _remedy(then)
        case GivesGuarantee():
            return _guarantee(then)
        case SetsClock():
            return _clock(then)
        case SetsDeduction():
            return _deduction(then)
        case SetsLimit():
            return _limit(then)
        case SetsBurden():
            return [_("%(who)s has to prove: %(what)s") % _who(then.on, word("proved", then.of))]
        case GivesMoney():
            return _money(then)
        case SetsBearer():
            return [_("%(who)s bears: %(what)s") % _who(then.bearer, word("borne", then.of))]
        case Excludes():
            found = joined(word("exclusion", one) for one in then.findings)
            takes = _("%(found)s takes the free repair away") if then.stands else _("%(found)s takes nothing away")
            return [takes % {"found": found}]
        case SetsDuty():
            return _duty(then)
        case SetsRhythm():
            every = {"what": word("rhythm", then.of), "time": span_words(then.every, then.unit)}
            return [_("%(what)s every %(time)s") % every]
        case SetsLadder():
            steps = " → ".join(word("step", one) for one in then.steps)
            return [_("%(what)s: %(steps)s") % {"what": word("ladder", then.of), "steps": steps}]
        case CountsRepairDays():
            counted = [
                _("every %(hours)s hours in repair count as a day, what is left over as one more")
                % {"hours": then.hours}
            ]
            return counted + _listed(_("not counted: %(what)s"), "uncounted", then.excludes)
        case SetsPrecedence():
            over = joined(
                topic_words(one) if "*" not in one else word("kind", one.partition(".")[0]) for one in then.over
            )
            return [_("%(over)s: %(order)s") % {"over": over, "order": word("precedence", then.rule)}]


def _remedy(then: GivesRemedy) -> list[str]:
    options = _(" or ").join(word("remedy", one) for one in then.options)
    lines = [_("the customer may have: %(options)s") % {"options": options}]
    if then.less is not Less.NOTHING:
        lines.append(_("less %(what)s") % {"what": word("less", then.less)})
    if then.bearer is not None:
        lines.append(_("%(who)s pays") % {"who": word("bearer", then.bearer)})
    return lines


def _guarantee(then: GivesGuarantee) -> list[str]:
    time = span_words(then.months, "months") if then.months is not None else span_words(then.days or 0, "days")
    lines = [_("%(what)s: guarantee of %(time)s") % {"what": word("segment", then.segment), "time": time}]
    if then.km is not None:
        lines.append(_("or %(km)s km, whichever is first") % {"km": f"{then.km:,}"})
    if then.parts:
        lines.append(_("for: %(parts)s") % {"parts": fact_value("faulty_part", then.parts)})
    return lines


def _clock(then: SetsClock) -> list[str]:
    lines = [_("guarantee periods run from %(day)s") % {"day": word("basis", then.basis)}] if then.basis else []
    lines += _listed(_("do not count: %(what)s"), "pause", then.pauses)
    return lines + _listed(_("begin anew after: %(what)s"), "restart", then.restarts)


def _deduction(then: SetsDeduction) -> list[str]:
    rate = per_cent(then.rate) + (f"–{per_cent(then.rate_to)}" if then.rate_to is not None else "")
    template = (
        _("depreciation of %(rate)s of the price a day")
        if then.of == "depreciation"
        else _("usage fee: price × km ÷ 1000 × coefficient, the coefficient %(rate)s at most")
    )
    return [template % {"rate": rate}, *_listed(_("do not count: %(what)s"), "pause", then.minus)]


def _limit(then: SetsLimit) -> list[str]:
    said_of = {
        "who": word("side", then.side),
        "what": word("act", then.act),
        "time": span_words(then.amount, then.unit),
        "since": word("since", then.since),
    }
    lines = [_("%(what)s: %(who)s has %(time)s, counted from: %(since)s") % said_of]
    if then.window:
        lines.append(_("only the hours %(hours)s count") % {"hours": then.window})
    return lines


def _money(then: GivesMoney) -> list[str]:
    what = word("money", then.what)
    if then.points is not None:
        return [_("%(what)s: %(points)s points") % {"what": what, "points": then.points}]
    amount = fact_name(then.of or "price")
    if then.bands and then.by:
        lines = [_("%(what)s: a share of “%(amount)s”") % {"what": what, "amount": amount}]
        lines += [
            _("%(fact)s up to %(most)s: %(share)s")
            % {"fact": fact_name(then.by), "most": per_cent(band.up_to), "share": per_cent(band.share)}
            for band in then.bands
        ]
    else:
        share = (
            ""
            if then.share == Decimal(1)
            else f" × {per_cent(then.share) if then.share < 1 else number_words(then.share)}"
        )
        lines = [_("%(what)s: %(amount)s") % {"what": what, "amount": f"“{amount}”{share}"}]
    if then.per:
        lines.append(_("for each of: %(days)s") % {"days": fact_name(then.per)})
    for template, limit in ((_("at least ¥%(sum)s"), then.floor), (_("at most ¥%(sum)s"), then.cap)):
        if limit is not None:
            lines.append(template % {"sum": number_words(limit)})
    if then.cap_share is not None:
        lines.append(_("at most %(share)s of the price") % {"share": per_cent(then.cap_share)})
    return lines


def _duty(then: SetsDuty) -> list[str]:
    lines = [word("duty", then.what)]
    if then.at_least is not None and then.unit is not None:
        lines.append(_("at least %(time)s") % {"time": span_words(then.at_least, then.unit)})
    if then.since:
        lines.append(_("counted from: %(since)s") % {"since": word("since", then.since)})
    return lines


def _listed(template: str, listed: str, codes: tuple[str, ...]) -> list[str]:
    return [template % {"what": joined(word(listed, one) for one in codes)}] if codes else []


def _who(who: str, what: str) -> dict[str, str]:
    return {"who": word("bearer", who), "what": what}
