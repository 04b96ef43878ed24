"""What the database itself promises about stock, whoever writes to it: one migration operation for both engines.

A movement has both its sides in one row; the balances, the branch's cost of the part and the place of a serial number are counted
up here, so that checks on their rows can refuse what cannot be.
"""

from shouhou.audit.guards import Guards, LayGuards


def _row(name: str, columns: str) -> str:
    return "(" + ", ".join(f"{name}.{column.strip()}" for column in columns.split(",")) + ")"


def _stays_sqlite(table: str, columns: str, *, but: str, more: str = "") -> dict[str, str]:
    """Of the rows of a table only the other columns change, and none goes."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only but for {but}'); END"
    changed = f"{_row('OLD', columns)} IS NOT {_row('NEW', columns)}"
    return {
        f"{table}_stays": f"BEFORE UPDATE ON {table} WHEN {changed}{more} {refuse}",
        f"{table}_no_delete": f"BEFORE DELETE ON {table} {refuse}",
    }


def _stays_postgresql(table: str, columns: str, *, but: str, more: str = "") -> str:
    return f"""
        IF TG_OP <> 'UPDATE' OR {_row("OLD", columns)} IS DISTINCT FROM {_row("NEW", columns)}{more} THEN
            RAISE EXCEPTION '{table}: append-only but for {but}' USING ERRCODE = '23000';
        END IF;
        RETURN NEW;"""


_BALANCE = "id, branch_id, place_id, part_id, unit, kept_as, ours, old, may_be_negative"
_RESERVATION = "id, branch_id, balance_id, key, fingerprint, units, about_kind, about_id, placed_at, expires_at"
_PLACE = "id, branch_id, kind, code, technician_id, ours, old, may_be_negative, opened_at"
_SERIAL = "id, branch_id, part_id, number"
_BACKWARDS = " OR NEW.counted_at < OLD.counted_at OR (NEW.counted_at IS NULL AND OLD.counted_at IS NOT NULL)"

_ENDS = "FROM stock_balance f JOIN stock_balance t ON t.id = NEW.given_to_id WHERE f.id = NEW.taken_from_id"
_GROWTH = f"(SELECT t.ours - f.ours {_ENDS})"
# Message → what is found where a movement cannot be.
_REFUSED = {
    "its ends are of another part or unit": f"""NOT EXISTS (SELECT 1 {_ENDS} AND f.part_id = NEW.part_id
        AND t.part_id = NEW.part_id AND f.unit = NEW.unit AND t.unit = NEW.unit AND f.kept_as = t.kept_as)""",
    "old parts do not mix with others": f"""NOT EXISTS (SELECT 1 {_ENDS} AND f.old = t.old
        AND f.old = (substr(NEW.kind, 1, 4) = 'old_'))""",
    "serial numbers are kept of some parts only": f"""NOT EXISTS (SELECT 1 {_ENDS}
        AND (f.old OR (f.kept_as = 'serial') = (NEW.serial_id IS NOT NULL)))""",
    "the place has been counted since": """EXISTS (SELECT 1 FROM stock_balance b JOIN stock_place p ON p.id = b.place_id
        WHERE b.id IN (NEW.taken_from_id, NEW.given_to_id) AND (b.counted_at > NEW.at OR p.counted_at > NEW.at))""",
    "the value goes another way": f"NEW.value_minor * {_GROWTH} < 0 OR (NEW.value_minor <> 0 AND {_GROWTH} = 0)",
    "the serial number is somewhere else": """NEW.serial_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_serialnumber
        WHERE id = NEW.serial_id AND part_id = NEW.part_id AND balance_id = NEW.taken_from_id)""",
    "its cost is not kept": f"""{_GROWTH} <> 0 AND NOT EXISTS (SELECT 1 FROM stock_costing
        WHERE branch_id = NEW.branch_id AND part_id = NEW.part_id)""",  # noqa: S608 - our own tables
}
_COUNTS = f"""
    UPDATE stock_balance SET version = version + 1,
        units = units + CASE WHEN id = NEW.given_to_id THEN NEW.units ELSE -NEW.units END
    WHERE id IN (NEW.taken_from_id, NEW.given_to_id);
    UPDATE stock_costing SET units = units + NEW.units * {_GROWTH}, value_minor = value_minor + NEW.value_minor
    WHERE branch_id = NEW.branch_id AND part_id = NEW.part_id AND {_GROWTH} <> 0;
    UPDATE stock_serialnumber SET balance_id = NEW.given_to_id WHERE id = NEW.serial_id;"""  # noqa: S608 - our own tables

_RESERVES = """
    UPDATE stock_balance SET version = version + 1, reserved_units = reserved_units + NEW.change_units
    WHERE branch_id = NEW.branch_id
        AND id = (SELECT balance_id FROM stock_reservation WHERE id = NEW.reservation_id AND branch_id = NEW.branch_id);
    UPDATE stock_reservation SET status = NEW.kind
    WHERE id = NEW.reservation_id AND branch_id = NEW.branch_id AND NEW.kind <> 'placed';"""
_OTHER_UNITS = """(CASE NEW.kind WHEN 'placed' THEN NEW.change_units ELSE -NEW.change_units END)
    <> (SELECT units FROM stock_reservation WHERE id = NEW.reservation_id AND branch_id = NEW.branch_id)"""
_ENDED = " OR (OLD.status <> NEW.status AND OLD.status <> 'pending')"

SQLITE = {
    "stock_reservationstep_counts": f"""
        AFTER INSERT ON stock_reservationstep
        BEGIN
            SELECT RAISE(ABORT, 'stock_reservationstep: the quantity is not that of the reservation')
            WHERE {_OTHER_UNITS}; {_RESERVES}
        END""",
    **_stays_sqlite("stock_reservation", _RESERVATION, but="its end", more=_ENDED),
    "stock_movement_counts": "AFTER INSERT ON stock_movement BEGIN "
    + "".join(f"SELECT RAISE(ABORT, 'stock_movement: {told}') WHERE {wrong}; " for told, wrong in _REFUSED.items())
    + f"{_COUNTS} END",
    **_stays_sqlite("stock_balance", _BALANCE, but="its totals", more=_BACKWARDS),
    **_stays_sqlite("stock_place", _PLACE, but="its name", more=_BACKWARDS),
    **_stays_sqlite("stock_serialnumber", _SERIAL, but="its place"),
}

# One look at both balances: the conditions are those of SQLite. A link into another branch is left to the wall, whose foreign
# keys refuse it when the transaction ends.
_MOVED = """
    DECLARE f stock_balance; t stock_balance; grows integer; wrong text;
    BEGIN
        SELECT * INTO f FROM stock_balance WHERE id = NEW.taken_from_id;
        SELECT * INTO t FROM stock_balance WHERE id = NEW.given_to_id;
        IF f.branch_id <> NEW.branch_id OR t.branch_id <> NEW.branch_id
           OR EXISTS (SELECT 1 FROM stock_serialnumber WHERE id = NEW.serial_id AND branch_id <> NEW.branch_id) THEN
            RETURN NULL;
        END IF;
        grows := t.ours::integer - f.ours::integer;
        wrong := CASE
            WHEN (f.part_id, t.part_id, f.unit, t.unit, f.kept_as)
                IS DISTINCT FROM (NEW.part_id, NEW.part_id, NEW.unit, NEW.unit, t.kept_as)
                THEN 'its ends are of another part or unit'
            WHEN f.old <> t.old OR f.old <> (left(NEW.kind, 4) = 'old_') THEN 'old parts do not mix with others'
            WHEN NOT f.old AND (f.kept_as = 'serial') <> (NEW.serial_id IS NOT NULL)
                THEN 'serial numbers are kept of some parts only'
            WHEN f.counted_at > NEW.at OR t.counted_at > NEW.at OR EXISTS (SELECT 1 FROM stock_place
                WHERE id IN (f.place_id, t.place_id) AND branch_id = NEW.branch_id AND counted_at > NEW.at)
                THEN 'the place has been counted since'
            WHEN NEW.value_minor * grows < 0 OR (NEW.value_minor <> 0 AND grows = 0) THEN 'the value goes another way'
        END;
        IF NEW.serial_id IS NOT NULL THEN
            UPDATE stock_serialnumber SET balance_id = NEW.given_to_id WHERE id = NEW.serial_id
                AND branch_id = NEW.branch_id AND part_id = NEW.part_id AND balance_id = NEW.taken_from_id;
            IF NOT FOUND THEN wrong := coalesce(wrong, 'the serial number is somewhere else'); END IF;
        END IF;
        IF grows <> 0 AND NOT EXISTS (SELECT 1 FROM stock_costing
            WHERE branch_id = NEW.branch_id AND part_id = NEW.part_id) THEN
            wrong := coalesce(wrong, 'its cost is not kept');
        END IF;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'stock_movement: %', wrong USING ERRCODE = '23000';
        END IF;
        UPDATE stock_balance SET version = version + 1,
            units = units + CASE WHEN id = NEW.given_to_id THEN NEW.units ELSE -NEW.units END
        WHERE id IN (NEW.taken_from_id, NEW.given_to_id) AND branch_id = NEW.branch_id;
        IF grows <> 0 THEN
            UPDATE stock_costing SET units = units + NEW.units * grows, value_minor = value_minor + NEW.value_minor
            WHERE branch_id = NEW.branch_id AND part_id = NEW.part_id;
        END IF;
        RETURN NULL;
    END;"""

POSTGRESQL_FUNCTIONS = {
    "stock_reservationstep_counts": f"""
        IF {_OTHER_UNITS} THEN
            RAISE EXCEPTION 'stock_reservationstep: the quantity is not that of the reservation' USING ERRCODE = '23000';
        END IF; {_RESERVES}
        RETURN NULL;""",
    "stock_reservation_stays": _stays_postgresql("stock_reservation", _RESERVATION, but="its end", more=_ENDED),
    "stock_movement_counts": _MOVED,
    "stock_balance_stays": _stays_postgresql("stock_balance", _BALANCE, but="its totals", more=_BACKWARDS),
    "stock_place_stays": _stays_postgresql("stock_place", _PLACE, but="its name", more=_BACKWARDS),
    "stock_serialnumber_stays": _stays_postgresql("stock_serialnumber", _SERIAL, but="its place"),
}
POSTGRESQL_TRIGGERS = {
    "stock_movement_counts": (
        "",
        "AFTER INSERT ON stock_movement FOR EACH ROW EXECUTE FUNCTION stock_movement_counts()",
    ),
    "stock_reservationstep_counts": (
        "",
        "AFTER INSERT ON stock_reservationstep FOR EACH ROW EXECUTE FUNCTION stock_reservationstep_counts()",
    ),
    **{
        f"{table}_stays": (
            "",
            f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
        )
        for table in ("stock_balance", "stock_place", "stock_serialnumber", "stock_reservation")
    },
}

STOCK = Guards(sqlite=SQLITE, functions=POSTGRESQL_FUNCTIONS, triggers=POSTGRESQL_TRIGGERS)


class GuardStock(LayGuards):
    """Migration operation: from here on the database refuses what cannot be in sound stock."""

    guards = STOCK

    def describe(self) -> str:
        return "Guard the stock"
