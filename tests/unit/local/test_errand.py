import sys

from newswire.local.errand import run


def test_an_errand_tells_how_it_ended_and_what_it_said() -> None:
    program = "import sys; print('out'); print('err', file=sys.stderr); raise SystemExit(int(sys.argv[1]))"
    assert run([sys.executable, "-I", "-S", "-c", program, "0"], 60) == (True, "out\nerr")
    assert not run([sys.executable, "-I", "-S", "-c", program, "3"], 60).succeeded


def test_an_errand_that_takes_too_long_has_failed() -> None:
    done = run([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"], 0.2)
    assert not done.succeeded
    assert "given up" in done.output
