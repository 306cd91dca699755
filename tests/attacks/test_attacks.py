"""Every hostile submission gets the score that the corpus says, on every tier that works here."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cells import grade_id
from autograder.grade import grade
from autograder.sandbox.parent import Sandbox
from autograder.sandbox.table import TIERS
from tests.attacks.attack import NETWORK, READS_DISK
from tests.attacks.corpus import ATTACKS, WRONG, Attack
from tests.autograder.notebooks import COURSE, ROOT, assignment, insert, right, to_bytes, write

SEED = 20_26
# Gaps that a test can show: with these the attack must succeed where it is said to.
SHOWN = (READS_DISK["plain"], NETWORK["plain"])


def scores(submission: bytes, sandbox: Sandbox) -> dict[str, float | None]:
    return {cell.grade_id: cell.score for cell in grade(submission, assignment(), SEED, sandbox).cells}


def expected(attack: Attack) -> dict[str, float | None]:
    """The scores that the attack may get at most ("no more", "none") or must get ("full")."""
    full = {cell.grade_id: None if cell.kind == "manual" else cell.points for cell in assignment().cells if cell.graded}
    if attack.gets == "full":
        return full
    return full | {name: 0.0 for name in full if name.startswith("gd_step-")}


def submission(attack: Attack, secret: Path, port: int) -> bytes:
    notebook = right()
    places = {"{secret}": str(secret), "{port}": str(port), "{source}": str(COURSE / "source"), "{{": "{", "}}": "}"}

    def filled(code: str) -> str:
        for mark, text in places.items():
            code = code.replace(mark, text)
        return code

    if attack.gd_step or attack.gets == "no more":
        write(notebook, "gd_step", filled(attack.gd_step) or WRONG)
    if attack.claims:
        next(cell for cell in notebook.cells if grade_id(cell).startswith("gd_step-")).metadata.nbgrader.update(
            attack.claims
        )
    if attack.top:
        insert(notebook, filled(attack.top), at=0)
    if attack.end:
        insert(notebook, filled(attack.end), at=len(notebook.cells))
    return to_bytes(notebook)


@pytest.fixture(scope="module")
def wrong_scores(sandbox: Sandbox) -> dict[str, float | None]:
    """What the wrong gd_step earns by itself: it leaves its inputs alone, for instance."""
    notebook = right()
    write(notebook, "gd_step", WRONG)
    return scores(to_bytes(notebook), sandbox)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_the_right_submission_earns_everything(sandbox: Sandbox) -> None:
    attack = Attack("none at all", "full")
    assert scores(to_bytes(right()), sandbox) == expected(attack)


def test_the_wrong_function_earns_little(wrong_scores: dict[str, float | None]) -> None:
    own = [score for name, score in wrong_scores.items() if name.startswith("gd_step-")]
    assert sum(own) < sum(assignment().by_id[name].points for name in wrong_scores if name.startswith("gd_step-")) / 2


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(
    attack: Attack,
    sandbox: Sandbox,
    wrong_scores: dict[str, float | None],
    tmp_path: Path,
    listener: socket.socket,
) -> None:
    gap = attack.gaps.get(sandbox.tier)
    if gap and gap not in SHOWN:
        pytest.skip(f"known gap of the tier {sandbox.tier}, which a test cannot show without harm: {gap}")
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks")
    secret.chmod(0o666)
    given = scores(submission(attack, secret, listener.getsockname()[1]), sandbox)
    if "time.sleep(1.5)" in attack.top:
        time.sleep(2.5)

    allowed = expected(attack)
    if attack.gets == "no more":
        allowed |= {name: min(given[name], own) for name, own in wrong_scores.items() if name.startswith("gd_step-")}
    stopped = given == allowed and secret.read_text() == "marks" and not called(listener)
    assert stopped == (gap is None), (given, allowed)


def called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("tier", [tier.name for tier in TIERS])
def test_the_docs_list_what_a_tier_lets_through(tier: str) -> None:
    """By name, with the reason, and nothing else."""
    text = (ROOT / "autograder" / "sandbox" / "README.md").read_text()
    listed = re.findall(rf"^- {tier}: (.+?) \((.+)\)$", text, re.MULTILINE)
    assert sorted(listed) == sorted((attack.name, attack.gaps[tier]) for attack in ATTACKS if tier in attack.gaps)
