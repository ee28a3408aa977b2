"""What a guest tells of its run: lines read, and said in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from demitasse.runtime import figures

TOLD = b"""calls 2000
native_calls 30
classes_loaded 450
threads_started 5
threads_peak 4
collections 3
pause_total 12500000
pause_longest 6000000
last_collected_before 8388608
last_collected_after 1048576
heap_allocated 20971520
heap_used 2097152
heap_maximum 268435456
sample_period 2000000
samples 200
samples_java 150
samples_collector 10
samples_kernel 0
samples_idle 40
method 90 a.B.c(int, java.lang.String)
method 60 a.B.d()
"""


def test_read() -> None:
    told = figures.parse(TOLD)
    assert told["calls"] == 2000 and told["heap_maximum"] == 256 << 20
    assert told["methods"] == [{"method": "a.B.c(int, java.lang.String)", "samples": 90}, {"method": "a.B.d()", "samples": 60}]


def test_said() -> None:
    said = "\n".join(figures.lines(figures.parse(TOLD)))
    for words in ("2,000 of methods, 30 of them native", "450 loaded", "5 started, 4 at once", "3, 12.5 ms in all, 6.0 ms the longest",
                  "8.0 MiB to 1.0 MiB", "20.0 MiB allocated", "75 % java, 5 % collector, 20 % idle", "  60.0 % a.B.c(int", "each 2 ms"):
        assert words in said, words
    assert "bytecodes" not in said
    assert "1,234 executed" in figures.lines(figures.parse(b"bytecodes 1234\n" + TOLD))[0]


def test_a_guest_that_tells_nothing_gets_nothing_said() -> None:
    assert figures.parse(b"") == {} and figures.lines({}) == []


@given(st.binary(max_size=200) | st.text("abc_ 0123456789\nmethod", max_size=200).map(str.encode))
def test_any_bytes_can_be_read(text: bytes) -> None:
    figures.lines(figures.parse(text))
