"""The event log's lines: torn, foreign and strange ones cost themselves and no others."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from pbxd.calls import cel
from tests.unit.calls.replay import CORPUS

LOG = (CORPUS / "inbound_answered.cel").read_bytes()
LINES = LOG.splitlines(keepends=True)


def rows(data: bytes) -> list[tuple[str, str]]:
    """(kind, channel) of each row that is understood."""
    found = [cel.parse(record) for _, record in cel.records(data)]
    return [(row.kind, row.uniqueid) for row in found if row is not None]


ALL = rows(LOG)


def line(name: str, kind: str = "CHAN_START") -> bytes:
    out = io.StringIO()
    fields = [kind, "1795217524.000001", "1.1", "1.1", "PJSIP/city-1", name, *[""] * 14]
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(fields)
    return out.getvalue().encode()


def test_every_recorded_line_is_understood() -> None:
    assert len(ALL) == len(LINES) > 10


@given(cut=st.integers(0, len(LOG)))
def test_a_log_that_is_still_being_written_is_read_to_its_last_whole_line(cut: int) -> None:
    found = list(cel.records(LOG[:cut]))
    behind = found[-1][0] if found else 0
    assert LOG[:cut].rfind(b"\n") + 1 == behind
    assert rows(LOG[:behind]) + rows(LOG[behind:]) == ALL


@given(which=st.integers(0, len(LINES) - 1), data=st.data())
def test_a_torn_line_costs_itself_only(which: int, data: st.DataObject) -> None:
    keep = data.draw(st.integers(0, len(LINES[which]) - 2))
    torn = LINES[which][:keep] + b"\n"
    found = rows(b"".join([*LINES[:which], torn, *LINES[which + 1 :]]))
    # the last column is often empty: without its quotes the line still says everything
    assert found in ([*ALL[:which], *ALL[which + 1 :]], ALL)
    if keep < len(LINES[which]) // 2:
        assert found != ALL


@given(garbage=st.binary(max_size=200), which=st.integers(0, len(LINES)))
def test_foreign_bytes_between_lines_cost_nothing(garbage: bytes, which: int) -> None:
    data = b"".join([*LINES[:which], garbage, b"\n", *LINES[which:]])
    assert rows(data) == ALL


@given(name=st.text(max_size=80))
def test_any_name_is_read_as_it_was_written(name: str) -> None:
    clean = name.encode("utf-8", "replace").decode().replace("\0", "").replace("\r", "")
    data = line(clean) + LOG
    (_, first), *_ = cel.records(data)
    row = cel.parse(first)
    assert row is not None
    assert row.caller_name == clean
    assert rows(data)[1:] == ALL


def test_values_that_are_none_are_no_rows() -> None:
    strange = line("x").replace(b"1795217524.000001", b"99999999999999999999.0")
    assert rows(strange) == []
    assert rows(line("x" * 200_000)) == []
    assert rows(line("a\0b")) in ([], [("CHAN_START", "1.1")])


def test_a_file_that_is_no_event_log_is_passed_over() -> None:
    found = list(cel.records(b"no log at all\n" * 20_000))
    assert found
    assert found[-1][1] == b""
