"""Rules that set a time limit, as the kernel's clock takes them."""

from datetime import date

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.calendars import read_window
from shouhou.kernel.working_time.clock import Limit
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.rights import SetsLimit
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import CountFrom


class RuleSetsNoLimit(Invalid):
    code = "rule_sets_no_limit"
    template = gettext_noop("The rule “%(rule)s” sets no time limit.")


class RuleNotInForce(Invalid):
    code = "rule_not_in_force"
    template = gettext_noop("The rule “%(rule)s” is not in force on %(day)s.")


def limit_of(then: SetsLimit, *, count: CountFrom) -> Limit:
    """The limit without its occasion. Raises HoursMalformed, AmountTooSmall, WindowWithoutHours."""
    window = None if then.window is None else read_window(then.window)
    return Limit(then.amount, then.unit, window, count)


def rule_with_limit(book: RuleBook, rule_id: str, *, on: date) -> tuple[Rule, SetsLimit]:
    """The version of the rule in force on the day. Raises UnknownRule, RuleNotInForce, RuleSetsNoLimit."""
    for rule in book.get(rule_id):
        if (rule.since is None or rule.since <= on) and (rule.until is None or on < rule.until):
            if not isinstance(rule.then, SetsLimit):
                raise RuleSetsNoLimit(rule=rule_id)
            return rule, rule.then
    raise RuleNotInForce(rule=rule_id, day=on.isoformat())
