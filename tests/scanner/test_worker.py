"""A picture costs one answer at most: workers die, hang and are replaced, the service goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from scanner import Reading, ScannerError, Supervisor, _child, worker
from scanner._frames import BrokenFrameError, answer, understand
from tests.scanner.pictures import GTIN, bomb, photo, saved


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor(deadline=0.5, queue=1) as running:
        until(lambda: running.ready)
        yield running


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


def process_id(supervisor: Supervisor, place: int = 0) -> int:
    process = supervisor._workers[place]._process
    assert process is not None
    return process.pid


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except (FileNotFoundError, ProcessLookupError):
        return True


class Asked(threading.Thread):
    """A request in a thread of its own, and what came of it."""

    def __init__(self, supervisor: Supervisor, data: bytes) -> None:
        super().__init__()
        self.supervisor, self.data, self.outcome = supervisor, data, ""
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.supervisor.decode(self.data).symbols[0].text
        except ScannerError as error:
            self.outcome = error.code


def test_a_picture_is_read_in_another_process(supervisor):
    reading = supervisor.decode(photo())
    assert [symbol.text for symbol in reading.symbols] == [GTIN]
    assert process_id(supervisor) != os.getpid()


def test_an_error_of_the_picture_comes_back_with_its_facts(supervisor):
    with pytest.raises(ScannerError) as caught:
        supervisor.decode(bomb())
    assert caught.value.code == "scanner.too-many-pixels"
    assert caught.value.arguments["limit"] == 50_000_000
    assert supervisor.decode(photo()).symbols


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_what_is_no_picture_costs_no_worker(supervisor, data):
    pid = process_id(supervisor)
    with pytest.raises(ScannerError, match="not-an-image"):
        supervisor.decode(data)
    assert process_id(supervisor) == pid


def test_a_failure_that_nobody_foresaw_is_an_answer_and_costs_no_worker(monkeypatch, capsys):
    def failing(data: bytes, deadline: float) -> Reading:
        raise ValueError("of a library")

    monkeypatch.setattr(_child, "decode", failing)
    answer = _child._decode(photo(), 1.5)
    assert isinstance(answer, ScannerError)
    assert answer.code == "scanner.crashed"
    assert "of a library" in capsys.readouterr().err


def test_an_upload_too_large_never_reaches_a_worker(supervisor):
    with pytest.raises(ScannerError, match="too-large"):
        supervisor.decode(bytes(21 * 1024 * 1024))
    assert supervisor.statistics()["too_large"] == 1


@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_at_work_costs_one_answer_and_the_next_is_given(supervisor, with_signal):
    pid = process_id(supervisor)
    os.kill(pid, signal.SIGSTOP)  # holds it at the picture until the signal comes
    asked = Asked(supervisor, photo())
    until(lambda: supervisor.statistics()["working"] == 1)
    time.sleep(0.05)
    os.kill(pid, with_signal)
    os.kill(pid, signal.SIGCONT)
    asked.join()
    assert asked.outcome == "scanner.crashed"
    assert supervisor.decode(photo()).symbols[0].text == GTIN
    assert is_gone(pid)
    assert supervisor.statistics()["crashed"] == supervisor.statistics()["restarts"] == 1


def test_a_worker_that_died_while_idle_costs_nothing(supervisor):
    os.kill(process_id(supervisor), signal.SIGKILL)
    until(lambda: is_gone(process_id(supervisor)))
    assert supervisor.decode(photo()).symbols[0].text == GTIN


def test_a_worker_that_hangs_is_killed_and_replaced(supervisor, monkeypatch):
    supervisor._patience = 0.3
    pid = process_id(supervisor)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ScannerError) as caught:
        supervisor.decode(photo())
    assert (caught.value.code, caught.value.arguments) == ("scanner.timeout", {"seconds": 0.3})
    assert is_gone(pid)
    supervisor._patience = 10
    assert supervisor.decode(photo()).symbols[0].text == GTIN
    assert supervisor.statistics()["kills"] == 1


def test_callers_beyond_the_queue_are_refused_at_once(supervisor):
    pid = process_id(supervisor)
    os.kill(pid, signal.SIGSTOP)
    first = Asked(supervisor, photo())
    until(lambda: supervisor.statistics()["working"] == 1)
    second = Asked(supervisor, photo())
    until(lambda: supervisor.statistics()["waiting"] == 1)
    with pytest.raises(ScannerError) as caught:
        supervisor.decode(photo())
    os.kill(pid, signal.SIGCONT)
    first.join()
    second.join()
    assert (caught.value.code, caught.value.arguments) == ("scanner.busy", {"waiting": 1})
    assert (first.outcome, second.outcome) == (GTIN, GTIN)


def test_several_workers_answer_several_threads():
    with Supervisor(workers=2, queue=8) as supervisor:
        asked = [Asked(supervisor, photo()) for _ in range(8)]
        for one in asked:
            one.join()
        assert {one.outcome for one in asked} == {GTIN}
        assert supervisor.statistics()["read"] == 8


def test_a_picture_that_wants_more_memory_than_there_is_costs_one_answer():
    with Supervisor(memory_bytes=300 * 1024 * 1024) as supervisor:
        with pytest.raises(ScannerError, match=r"scanner\.(memory|crashed)"):
            supervisor.decode(saved(Image.new("RGBA", (7000, 7000))))
        assert supervisor.decode(photo()).symbols[0].text == GTIN


def test_stopping_leaves_no_process_and_refuses_further_pictures():
    supervisor = Supervisor(workers=2)
    supervisor.start()
    pids = [process_id(supervisor, place) for place in (0, 1)]
    supervisor.stop()
    assert all(is_gone(pid) for pid in pids)
    assert not supervisor.ready
    with pytest.raises(ScannerError, match="stopped"):
        supervisor.decode(photo())


def test_a_picture_in_work_is_finished_before_the_stop(supervisor):
    pid = process_id(supervisor)
    os.kill(pid, signal.SIGSTOP)
    asked = Asked(supervisor, photo())
    until(lambda: supervisor.statistics()["working"] == 1)
    stopping = threading.Thread(target=supervisor.stop)
    stopping.start()
    os.kill(pid, signal.SIGCONT)
    asked.join()
    stopping.join()
    assert asked.outcome == GTIN
    assert is_gone(pid)


def test_a_stop_does_not_wait_for_ever_for_a_worker_that_hangs(supervisor, monkeypatch):
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.1)
    pid = process_id(supervisor)
    os.kill(pid, signal.SIGSTOP)
    asked = Asked(supervisor, photo())
    until(lambda: supervisor.statistics()["working"] == 1)
    supervisor._patience = 0.1
    supervisor.stop()
    asked.join()
    assert asked.outcome in {"scanner.crashed", "scanner.timeout"}
    assert is_gone(pid)
    assert supervisor.statistics()["restarts"] == 0


def test_it_starts_again_after_a_stop(supervisor):
    supervisor.stop()
    supervisor.start()
    assert supervisor.decode(photo()).symbols[0].text == GTIN


def test_no_worker_outlives_a_service_that_was_killed():
    service = subprocess.Popen(
        [sys.executable, "-c", """if True:
            import sys, time
            from scanner import Supervisor
            supervisor = Supervisor(workers=2)
            supervisor.start()
            while not supervisor.ready:
                time.sleep(0.01)
            print(*[worker._process.pid for worker in supervisor._workers], flush=True)
            time.sleep(60)"""],
        stdout=subprocess.PIPE, text=True, cwd=Path(worker.__file__).parents[1],
    )  # fmt: skip
    with service:
        assert service.stdout is not None
        pids = [int(pid) for pid in service.stdout.readline().split()]
        assert len(pids) == 2
        service.kill()
    until(lambda: all(is_gone(pid) for pid in pids))


def test_a_worker_is_given_none_of_the_secrets_of_the_service(monkeypatch):
    monkeypatch.setenv("NGUON_SECRET", "keep this")
    with Supervisor() as supervisor:
        until(lambda: supervisor.ready)
        environment = Path(f"/proc/{process_id(supervisor)}/environ").read_bytes()
    assert b"keep this" not in environment


def test_an_idle_worker_stays_below_150_megabytes(supervisor):
    supervisor.decode(photo())
    status = Path(f"/proc/{process_id(supervisor)}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < 150 * 1024


@pytest.mark.parametrize(
    "message",
    [b"", b"[]", b"{}", b'{"reading": {"symbols": 1}}', b'{"error": 1}', b"\xff", b"[" * 10**6],
)
def test_an_answer_that_is_none_is_taken_for_a_broken_worker(message):
    with pytest.raises(BrokenFrameError):
        understand(message)


def test_an_error_survives_the_way_between_the_processes():
    error = understand(answer(ScannerError("scanner.format", format="EPS")))
    assert isinstance(error, ScannerError)
    assert (error.code, error.arguments) == ("scanner.format", {"format": "EPS"})
