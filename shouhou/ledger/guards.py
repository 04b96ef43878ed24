"""What the database itself promises about the books, whoever writes to it: one migration operation for both engines.

An entry is written after its postings. Its row closes it: it is taken only if its postings add up to nothing in every currency,
and from then on no posting joins it. A posting whose entry never comes falls to its foreign key when the transaction ends.
The running totals of an account are counted up here, so that a check on its row can refuse a balance below zero.
"""

from shouhou.audit.guards import AT_THE_END, Guards, LayGuards

# SQLite has no deferred constraint but the foreign key, hence the order: postings, then the entry. The usual guard of the link
# from posting to entry wants the entry first, so here it stands at the other end (`ledger_entry_closes`).
SQLITE = {
    "wall_ledger_posting_entry_id_insert": """
        BEFORE INSERT ON ledger_posting
        WHEN EXISTS (SELECT 1 FROM ledger_journalentry WHERE id = NEW.entry_id)
        BEGIN SELECT RAISE(ABORT, 'ledger_posting is append-only: its entry is closed'); END""",
    "ledger_posting_counts": """
        AFTER INSERT ON ledger_posting
        BEGIN
            SELECT RAISE(ABORT, 'ledger_posting: the account is kept in another currency')
            WHERE NEW.currency <> (SELECT currency FROM ledger_ledgeraccount WHERE id = NEW.account_id);
            UPDATE ledger_ledgeraccount SET version = version + 1, balance_minor = balance_minor
                + CASE normal_side WHEN 'debit' THEN NEW.amount_minor ELSE -NEW.amount_minor END
            WHERE id = NEW.account_id;
        END""",
    "ledger_entry_closes": """
        AFTER INSERT ON ledger_journalentry
        BEGIN
            SELECT RAISE(ABORT, 'wall_ledger_posting_entry_id: link into another branch')
            WHERE EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id AND branch_id <> NEW.branch_id);
            SELECT RAISE(ABORT, 'ledger_journalentry: its postings are not those it says')
            WHERE NEW.lines <> (SELECT COUNT(*) FROM ledger_posting WHERE entry_id = NEW.id AND at = NEW.at)
               OR NEW.lines <> (SELECT COUNT(*) FROM ledger_posting WHERE entry_id = NEW.id);
            SELECT RAISE(ABORT, 'ledger_journalentry: debit and credit differ')
            WHERE EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id
                          GROUP BY currency HAVING SUM(amount_minor) <> 0);
        END""",
    "ledger_holdmove_counts": """
        AFTER INSERT ON ledger_holdmove
        BEGIN
            SELECT RAISE(ABORT, 'ledger_holdmove: the amount is not that of the hold')
            WHERE (CASE NEW.kind WHEN 'placed' THEN NEW.change_minor ELSE -NEW.change_minor END)
                <> (SELECT amount_minor FROM ledger_hold WHERE id = NEW.hold_id);
            UPDATE ledger_ledgeraccount SET version = version + 1, held_minor = held_minor + NEW.change_minor
            WHERE id = (SELECT account_id FROM ledger_hold WHERE id = NEW.hold_id);
            UPDATE ledger_hold SET status = NEW.kind WHERE id = NEW.hold_id AND NEW.kind <> 'placed';
        END""",
    "ledger_hold_stays": """
        BEFORE UPDATE ON ledger_hold
        WHEN (OLD.status <> NEW.status AND OLD.status <> 'pending')
          OR (OLD.id, OLD.branch_id, OLD.account_id, OLD.key, OLD.fingerprint, OLD.amount_minor, OLD.memo,
              OLD.source_kind, OLD.source_id, OLD.placed_at, OLD.expires_at)
          IS NOT (NEW.id, NEW.branch_id, NEW.account_id, NEW.key, NEW.fingerprint, NEW.amount_minor, NEW.memo,
              NEW.source_kind, NEW.source_id, NEW.placed_at, NEW.expires_at)
        BEGIN SELECT RAISE(ABORT, 'ledger_hold: append-only but for its end'); END""",
    "ledger_hold_no_delete": """
        BEFORE DELETE ON ledger_hold
        BEGIN SELECT RAISE(ABORT, 'ledger_hold: append-only but for its end'); END""",
    "ledger_crossing_stays": """
        BEFORE UPDATE ON ledger_crossing
        WHEN OLD.arrived_at IS NOT NULL
          OR (OLD.id, OLD.branch_id, OLD.account_id, OLD.to_branch_id, OLD.key, OLD.fingerprint, OLD.into_kind,
              OLD.into_owner_kind, OLD.into_owner_id, OLD.amount_minor, OLD.currency, OLD.memo, OLD.rule, OLD.sent_at)
          IS NOT (NEW.id, NEW.branch_id, NEW.account_id, NEW.to_branch_id, NEW.key, NEW.fingerprint, NEW.into_kind,
              NEW.into_owner_kind, NEW.into_owner_id, NEW.amount_minor, NEW.currency, NEW.memo, NEW.rule, NEW.sent_at)
        BEGIN SELECT RAISE(ABORT, 'ledger_crossing: append-only but for its arrival'); END""",
    "ledger_crossing_no_delete": """
        BEFORE DELETE ON ledger_crossing
        BEGIN SELECT RAISE(ABORT, 'ledger_crossing: append-only but for its arrival'); END""",
    "ledger_ledgeraccount_stays": """
        BEFORE UPDATE ON ledger_ledgeraccount
        WHEN (OLD.id, OLD.branch_id, OLD.kind, OLD.owner_kind, OLD.owner_id, OLD.currency, OLD.normal_side,
              OLD.may_be_negative, OLD.must_return_to_zero, OLD.opened_at)
          IS NOT (NEW.id, NEW.branch_id, NEW.kind, NEW.owner_kind, NEW.owner_id, NEW.currency, NEW.normal_side,
              NEW.may_be_negative, NEW.must_return_to_zero, NEW.opened_at)
        BEGIN SELECT RAISE(ABORT, 'ledger_ledgeraccount: append-only but for its totals'); END""",
    "ledger_ledgeraccount_no_delete": """
        BEFORE DELETE ON ledger_ledgeraccount
        BEGIN SELECT RAISE(ABORT, 'ledger_ledgeraccount: append-only but for its totals'); END""",
}

# Function → body. A link into another branch is left to the wall, whose foreign keys refuse it when the transaction ends.
POSTGRESQL_FUNCTIONS = {
    "ledger_posting_joins": """
        IF EXISTS (SELECT 1 FROM ledger_journalentry WHERE id = NEW.entry_id) THEN
            RAISE EXCEPTION 'ledger_posting is append-only: its entry is closed' USING ERRCODE = '23000';
        END IF;
        RETURN NEW;""",
    "ledger_posting_counts": """
        IF NEW.currency <> (SELECT currency FROM ledger_ledgeraccount WHERE id = NEW.account_id) THEN
            RAISE EXCEPTION 'ledger_posting: the account is kept in another currency' USING ERRCODE = '23000';
        END IF;
        UPDATE ledger_ledgeraccount SET version = version + 1, balance_minor = balance_minor
            + CASE normal_side WHEN 'debit' THEN NEW.amount_minor ELSE -NEW.amount_minor END
        WHERE id = NEW.account_id AND branch_id = NEW.branch_id;
        RETURN NULL;""",
    # At the end of the transaction, and for every posting as for the entry: two transactions that cannot see each other's rows
    # may not complete one entry between them.
    "ledger_entry_closes": """
        DECLARE entry ledger_journalentry;
        BEGIN
            IF TG_TABLE_NAME = 'ledger_posting' THEN
                SELECT * INTO entry FROM ledger_journalentry WHERE id = NEW.entry_id;
            ELSE
                entry := NEW;
            END IF;
            IF entry.lines IS DISTINCT FROM (SELECT count(*) FROM ledger_posting WHERE entry_id = entry.id)
               OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = entry.id AND at <> entry.at) THEN
                RAISE EXCEPTION 'ledger_journalentry: its postings are not those it says' USING ERRCODE = '23000';
            END IF;
            IF EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = entry.id
                       GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
                RAISE EXCEPTION 'ledger_journalentry: debit and credit differ' USING ERRCODE = '23000';
            END IF;
            RETURN NULL;
        END;""",
    "ledger_holdmove_counts": """
        IF (CASE NEW.kind WHEN 'placed' THEN NEW.change_minor ELSE -NEW.change_minor END)
            <> (SELECT amount_minor FROM ledger_hold WHERE id = NEW.hold_id AND branch_id = NEW.branch_id) THEN
            RAISE EXCEPTION 'ledger_holdmove: the amount is not that of the hold' USING ERRCODE = '23000';
        END IF;
        UPDATE ledger_ledgeraccount SET version = version + 1, held_minor = held_minor + NEW.change_minor
        WHERE id = (SELECT account_id FROM ledger_hold WHERE id = NEW.hold_id AND branch_id = NEW.branch_id);
        UPDATE ledger_hold SET status = NEW.kind
        WHERE id = NEW.hold_id AND branch_id = NEW.branch_id AND NEW.kind <> 'placed';
        RETURN NULL;""",
    "ledger_hold_stays": """
        IF TG_OP <> 'UPDATE' OR (OLD.status <> NEW.status AND OLD.status <> 'pending')
           OR (to_jsonb(OLD) - 'status') <> (to_jsonb(NEW) - 'status') THEN
            RAISE EXCEPTION 'ledger_hold: append-only but for its end' USING ERRCODE = '23000';
        END IF;
        RETURN NEW;""",
    "ledger_crossing_stays": """
        IF TG_OP <> 'UPDATE' OR OLD.arrived_at IS NOT NULL
           OR (to_jsonb(OLD) - 'arrived_at' - 'next_try_at' - 'tries')
           <> (to_jsonb(NEW) - 'arrived_at' - 'next_try_at' - 'tries') THEN
            RAISE EXCEPTION 'ledger_crossing: append-only but for its arrival' USING ERRCODE = '23000';
        END IF;
        RETURN NEW;""",
    "ledger_ledgeraccount_stays": """
        IF TG_OP <> 'UPDATE' OR (OLD.id, OLD.branch_id, OLD.kind, OLD.owner_kind, OLD.owner_id, OLD.currency,
               OLD.normal_side, OLD.may_be_negative, OLD.must_return_to_zero, OLD.opened_at)
           IS DISTINCT FROM (NEW.id, NEW.branch_id, NEW.kind, NEW.owner_kind, NEW.owner_id, NEW.currency,
               NEW.normal_side, NEW.may_be_negative, NEW.must_return_to_zero, NEW.opened_at) THEN
            RAISE EXCEPTION 'ledger_ledgeraccount: append-only but for its totals' USING ERRCODE = '23000';
        END IF;
        RETURN NEW;""",
}
# Trigger → kind, when and on which table, function.
POSTGRESQL_TRIGGERS = {
    "ledger_posting_joins": (
        "",
        "BEFORE INSERT ON ledger_posting FOR EACH ROW EXECUTE FUNCTION ledger_posting_joins()",
    ),
    "ledger_posting_counts": (
        "",
        "AFTER INSERT ON ledger_posting FOR EACH ROW EXECUTE FUNCTION ledger_posting_counts()",
    ),
    "ledger_posting_closes": ("CONSTRAINT", f"AFTER INSERT ON ledger_posting {AT_THE_END} ledger_entry_closes()"),
    "ledger_entry_closes": ("CONSTRAINT", f"AFTER INSERT ON ledger_journalentry {AT_THE_END} ledger_entry_closes()"),
    "ledger_holdmove_counts": (
        "",
        "AFTER INSERT ON ledger_holdmove FOR EACH ROW EXECUTE FUNCTION ledger_holdmove_counts()",
    ),
    "ledger_hold_stays": (
        "",
        "BEFORE UPDATE OR DELETE ON ledger_hold FOR EACH ROW EXECUTE FUNCTION ledger_hold_stays()",
    ),
    "ledger_crossing_stays": (
        "",
        "BEFORE UPDATE OR DELETE ON ledger_crossing FOR EACH ROW EXECUTE FUNCTION ledger_crossing_stays()",
    ),
    "ledger_ledgeraccount_stays": (
        "",
        "BEFORE UPDATE OR DELETE ON ledger_ledgeraccount FOR EACH ROW EXECUTE FUNCTION ledger_ledgeraccount_stays()",
    ),
}


# Those of the wall and of append-only tables are laid before. One of the wall gives way to its like at the other end of the link.
BOOKS = Guards(
    sqlite=SQLITE,
    functions=POSTGRESQL_FUNCTIONS,
    triggers=POSTGRESQL_TRIGGERS,
    replaced_on_sqlite=("wall_ledger_posting_entry_id_insert",),
)
install, remove = BOOKS.install, BOOKS.remove


class GuardBooks(LayGuards):
    """Migration operation: from here on the database refuses what cannot be in sound books."""

    guards = BOOKS

    def describe(self) -> str:
        return "Guard the books"
