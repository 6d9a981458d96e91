"""The house itself: floors, what is shipped, what is locked, and the two scripts that start it."""

import ast
import hashlib
import os
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("records", "settlements", "packets", "routing", "scanning")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-postgres.lock", "requirements-cluster.lock", "requirements-dev.lock")


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_no_room_imports_the_front_door() -> None:
    assert "records" in imports(ROOT / "cli.py"), "the look finds nothing"
    assert not [file for room in ROOMS for file in (ROOT / room).rglob("*.py") if imports(file) & {"cli", "tests", "bench", "setup"}]


def locked(name: str) -> dict[str, set[str]]:
    """Package → versions (one for each range of Pythons)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_for_every_version_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--|/", text.replace("--hash=sha256:", ""))
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 40
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_locks_hold_what_the_project_asks_and_agree_with_each_other() -> None:
    runtime, postgres, cluster, dev = (locked(name) for name in LOCKS)
    for asked in PROJECT["dependencies"]:
        package = re.split(r"[=><\[]", asked)[0]
        assert package in runtime, asked
        if "==" in asked:
            assert runtime[package] == {asked.split("==")[1]}, asked
    assert runtime.items() <= postgres.items() <= cluster.items() <= dev.items()
    assert "psycopg" in postgres
    assert "psycopg" not in runtime
    assert "distributed" in cluster
    assert "distributed" not in postgres
    assert "opencv-python" not in dev, "two OpenCV wheels overwrite each other"


NAMED_OTHERWISE = {
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "yaml": "pyyaml",
    "markdown_it": "markdown-it-py",
    "zxingcpp": "zxing-cpp",
    "fontTools": "fonttools",
}
USED_WITHOUT_IMPORT = {"openpyxl", "pyarrow"}  # pandas reads and writes through them
KEPT_READY = {"scipy"}  # thin-plate splines for curled sheets


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    files = [ROOT / "cli.py", *(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))]
    outside = {name for file in files for name in imports(file)} - set(sys.stdlib_module_names) - {*ROOMS, "cli"}
    used = {NAMED_OTHERWISE.get(name, name.replace("_", "-")) for name in outside} - {"psycopg", "distributed"}  # extras
    declared = {re.split(r"[=><\[]", asked)[0] for asked in PROJECT["dependencies"]}
    assert used <= declared
    assert declared <= used | USED_WITHOUT_IMPORT | KEPT_READY


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text[text.index("dependencies = [") : text.index("]\n\n[project.optional")]
    assert [line for line in listed.splitlines()[1:] if "#" not in line] == []


def test_the_wheel_holds_exactly_the_rooms_and_their_data(tmp_path: Path) -> None:
    """Built offline, from a copy, with the locked build backend."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout: what should be in the wheel cannot be listed")
    source = tmp_path / "source"
    files = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    for name in files:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-build-isolation",
            "--no-deps",
            "--no-index",
            "--wheel-dir",
            str(tmp_path),
            str(source),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
        entry = wheel.read(next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))).decode()
    assert shipped == {name for name in files if name == "cli.py" or name.split("/")[0] in ROOMS}
    for needed in ("records/migrations/script.py.mako", "records/locale/kk/records.po", "records/migrations/env.py", "cli.py"):
        assert needed in shipped
    assert "poshta = cli:run" in entry


# The scripts. A folder with spaces stands in for the checkout; its .venv is a stub, so that nothing is fetched.


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a desk"
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "setup").mkdir()
    for name in ("run", *LOCKS, "setup/install.py"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "run").chmod(0o755)
    stub = folder / ".venv" / "bin" / "python"
    stub.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    stub.chmod(0o755)
    return folder


def started(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "run"), *words], cwd="/", capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


posix = pytest.mark.skipif(os.name == "nt", reason="run is for sh; run.cmd for Windows")


@posix
def test_run_passes_every_word_on_once_the_environment_is_ready(checkout: Path) -> None:
    (checkout / ".venv" / "requirements.lock").write_bytes((checkout / "requirements.lock").read_bytes())
    done = started(checkout, "pupils", "import", "a list.csv", "")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{checkout}/cli.py|pupils|import|a list.csv||"


@posix
def test_run_works_through_a_link(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".venv" / "requirements.lock").write_bytes((checkout / "requirements.lock").read_bytes())
    (tmp_path / "poshta").symlink_to(checkout / "run")
    done = subprocess.run([str(tmp_path / "poshta"), "journal"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{checkout}/cli.py|journal|"


@posix
def test_run_sets_up_again_when_the_lock_has_changed_and_says_so_on_stderr(checkout: Path) -> None:
    (checkout / ".venv" / "requirements.lock").write_text("another\n")
    (checkout / "setup" / "install.py").write_text("import sys; print('setting up', sys.argv[1]); sys.exit(12)")
    done = started(checkout, "journal")
    assert (done.returncode, done.stdout) == (12, "")
    assert done.stderr == "setting up requirements.lock\n"


@posix
@pytest.mark.parametrize(("works", "said"), [("exit 1", "3.11"), ('case "$*" in *ensurepip*) exit 1;; esac', "venv")])
def test_run_says_clearly_that_python_is_too_old_or_has_no_venv(checkout: Path, tmp_path: Path, works: str, said: str) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("dirname", "cmp", "readlink"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    for name in ("python3", "python3.11", "python"):
        (programs / name).write_text(f"#!/bin/sh\n{works}\n")
        (programs / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(checkout / "run"), "journal"], capture_output=True, text=True, check=False, env={"PATH": str(programs)}
    )
    assert done.returncode == 12
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 3, "Kazakh, Russian, English"


@posix
def test_the_set_up_begins_again_after_an_interruption_and_two_wait_for_each_other(checkout: Path) -> None:
    """The real setup/install.py with a pip that counts its calls."""
    counted = checkout / "calls"
    pip = checkout / "pip.py"
    pip.write_text(f"import pathlib, time; p = pathlib.Path({str(counted)!r}); time.sleep(0.5); p.open('a').write('x')")
    script = checkout / "setup" / "install.py"
    text = script.read_text(encoding="utf-8")
    text = text.replace('run([str(PYTHON), "-I", "-m", "pip", *PIP, "-r", str(ROOT / lock)])', f"run([sys.executable, {str(pip)!r}])")
    text = text.replace('"-m", "venv", "--clear", str(VENV)', '"-c", "import os; os.makedirs(\'.venv/bin\', exist_ok=True)"').replace(
        "def usable() -> bool:", "def usable() -> bool:\n    return not MAKING.exists()\n\n\ndef old() -> bool:"
    )
    script.write_text(text, encoding="utf-8")
    (checkout / ".venv-making").touch()  # as an interrupted set-up leaves it

    def install() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-I", str(script), "requirements-dev.lock"], cwd=checkout, stderr=subprocess.PIPE)

    both = [install(), install()]
    said = [each.communicate()[1].decode() for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert counted.read_text() == "x", "the second one installed again"
    assert sum("waiting for it" in words or "күтеміз" in words or "ждём" in words for words in said) <= 1
    assert not (checkout / ".venv-making").exists()
    for name in LOCKS:
        assert (checkout / ".venv" / name).read_bytes() == (checkout / name).read_bytes()


def wheel(folder: Path, name: str, version: str, *asks: str) -> str:
    """An empty library for pip; the line of a lock file that names it."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    wants = "".join(f"Requires-Dist: {each}\n" for each in asks)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nProvides-Extra: more\n{wants}")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def test_a_newer_release_of_what_a_library_asks_for_stops_no_set_up(tmp_path: Path) -> None:
    """Without --no-deps pip 23 takes part-1.1 for "part[more]", which no lock has a hash for, and installs nothing."""
    lock = tmp_path / "some.lock"
    lock.write_text(wheel(tmp_path, "part", "1.0") + wheel(tmp_path, "whole", "1.0", "part[more]>=1.0"), encoding="utf-8")
    wheel(tmp_path, "part", "1.1")
    options = runpy.run_path(str(ROOT / "setup" / "install.py"))["PIP"]
    here = ("--no-index", "--find-links", str(tmp_path), "--target", str(tmp_path / "there"))
    words = [each for each in options if each != "--no-user"]  # which pip refuses beside --target
    done = subprocess.run([sys.executable, "-m", "pip", *words, *here, "-r", str(lock)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(each.name for each in (tmp_path / "there").glob("*.dist-info")) == ["part-1.0.dist-info", "whole-1.0.dist-info"]


def test_nothing_that_a_library_asks_for_is_missing_from_the_lock() -> None:
    """The set-up does not look for it, so the lock must name it."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_run_cmd_follows_run() -> None:
    windows = (ROOT / "run.cmd").read_bytes()
    assert windows.count(b"\n") == windows.count(b"\r\n")
    for word in (b"requirements.lock", b"requirements-dev.lock", b"setup\\install.py", b"setup\\check.py", b"cli.py"):
        assert word in windows


def test_ci_ends_with_the_tests_and_nothing_after_them() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("./run test")
    assert os.name == "nt" or (os.access(ROOT / ".ci" / "run", os.X_OK) and os.access(ROOT / "run", os.X_OK))
