"""``satudata workflow`` on a laptop: what it says, its exit status, and that it needs nothing of CKAN."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ckanext.satudata.core.cli import main
from ckanext.satudata.core.workflow import chart

from .conftest import WORKFLOWS, definition_of

BAD = Path(__file__).parent / "bad"
PERPRES = str(WORKFLOWS / "perpres.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["workflow", *arguments])


def test_a_sound_definition() -> None:
    result = run("lint", PERPRES)
    assert result.exit_code == 0
    assert "tidak ada kesalahan (2 tahap)" in result.output


def test_mistakes_with_line_and_how_to_mend() -> None:
    result = run("lint", str(BAD / "unknown_role.yaml"))
    assert result.exit_code == 1
    assert "1 kesalahan" in result.output
    line = "baris 11: stages[1].role: Peran `kepala_dinas` tidak ada di `roles`. Tambahkan di sana, atau perbaiki"
    assert line in result.output


def test_mistakes_in_english() -> None:
    result = run("lint", "-l", "en", str(BAD / "unknown_role.yaml"))
    assert "line 11: stages[1].role: Role `kepala_dinas` is not in `roles`." in result.output


def test_what_is_no_definition() -> None:
    result = run("lint", str(BAD / "not_yaml.yaml"))
    assert result.exit_code == 1
    assert "bukan YAML" in result.output


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_what_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "alur.yaml"
    if content is not None:
        path.write_bytes(content)
    result = run("lint", str(path))
    assert result.exit_code == 2
    assert "tidak dapat dibaca" in result.output


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert run("lint", str(tmp_path)).exit_code == 2


def test_of_several_files_the_worst_counts(tmp_path: Path) -> None:
    bad = str(BAD / "unknown_role.yaml")
    assert run("lint", PERPRES, bad).exit_code == 1
    assert run("lint", str(tmp_path / "tidak-ada.yaml"), PERPRES, bad).exit_code == 2


def test_what_is_extended_is_found_beside_the_file_and_among_ours(tmp_path: Path) -> None:
    child = tmp_path / "kota.yaml"
    child.write_text("format: 1\nkey: kota\nextends: perpres\ntitle: {id: Kota, en: Town}\n", "utf-8")
    assert run("lint", str(child)).exit_code == 0
    (tmp_path / "perpres.yaml").write_text("- rusak\n", "utf-8")
    result = run("lint", str(child))
    assert result.exit_code == 1


def test_a_chart_on_the_screen() -> None:
    result = run("chart", PERPRES, "--format", "mermaid", "--here", "pembina")
    assert result.exit_code == 0
    assert result.output == chart.mermaid(definition_of("perpres"), "pembina")


def test_a_chart_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "alur.svg"
    result = run("chart", PERPRES, "-l", "en", "-o", str(path))
    assert (result.exit_code, result.output) == (0, "")
    assert path.read_text("utf-8") == chart.svg(definition_of("perpres"), None, "en")


def test_a_chart_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    result = run("chart", PERPRES, "-o", str(tmp_path / "tidak" / "ada.svg"))
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_an_unknown_place_lists_those_there_are() -> None:
    result = run("chart", PERPRES, "--here", "bulan")
    assert result.exit_code == 2
    assert "periksa, pembina, draft, revision, verified, published" in result.output


def test_no_chart_of_what_is_no_definition() -> None:
    assert run("chart", str(BAD / "not_yaml.yaml")).exit_code == 1
    assert run("chart", str(BAD / "tidak-ada.yaml")).exit_code == 2


def test_nothing_of_ckan_is_imported() -> None:
    code = (
        "import sys\nfrom ckanext.satudata.core.cli import main\n"
        f"try:\n    main(['workflow', 'chart', {PERPRES!r}])\nexcept SystemExit as end:\n    assert not end.code\n"
        "found = {'ckan', 'flask', 'sqlalchemy', 'polars'} & set(sys.modules)\nassert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
