"""What is offered for a table, kind by kind, and what never is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import Bound, Column
from ckanext.satudata.core.qa.lists import REGIONS
from ckanext.satudata.core.qa.mending.kinds import KINDS
from ckanext.satudata.core.qa.mending.planning import plan
from tests.core.qa.mending.bench import table


def column(*cells: str, header: str = "nilai") -> str:
    """A table of years with a column that holds these cells."""
    lines = [f"{2000 + number},{f'{chr(34)}{cell}{chr(34)}'}" for number, cell in enumerate(cells, 1)]
    return "\n".join([f"tahun,{header}", *lines, ""])


def test_blanks_go(tmp_path: Path) -> None:
    bench = table(tmp_path, "nama,jumlah\nCileunyi ,1\nSumur  Bandung,2\nArjasari,3\n")
    assert bench.changes("blanks") == [
        (2, "nama", "Cileunyi ", "Cileunyi"),
        (3, "nama", "Sumur  Bandung", "Sumur Bandung"),
    ]


def test_a_decimal_comma_becomes_a_point(tmp_path: Path) -> None:
    bench = table(tmp_path, column("63,5", "7,25", "8,125", "12"))
    assert [after for *_, after in bench.changes("decimal")] == ["63.5", "7.25", "8.125"]


def test_commas_beside_points_that_could_be_thousands_stay(tmp_path: Path) -> None:
    assert table(tmp_path, column("63,5", "7.25", "8,125", "12.5")).kinds() == []


def test_groups_that_nothing_else_can_be_go(tmp_path: Path) -> None:
    bench = table(tmp_path, column("1.234.567", "12.345", "1.200.000", "981"))
    assert [after for *_, after in bench.changes("thousands")] == ["1234567", "12345", "1200000"]


def test_groups_beside_decimal_commas_go_together_with_them(tmp_path: Path) -> None:
    bench = table(tmp_path, column("1.234,5", "12.345,25", "63,5", "7"))
    assert [after for *_, after in bench.changes("thousands")] == ["1234.5", "12345.25", "63.5"]
    assert "decimal" not in bench.kinds()


def test_three_digits_behind_a_dot_are_never_guessed(tmp_path: Path) -> None:
    assert table(tmp_path, column("1.234", "2.345", "7.812", "3.911")).kinds() == []


def test_three_digits_behind_a_dot_are_thousands_where_somebody_declared_whole_numbers(tmp_path: Path) -> None:
    declared = [Column("tahun", type="year"), Column("nilai", type="integer")]
    bench = table(tmp_path, column("1.234", "2.345", "7.812", "3.911"), declared)
    assert [after for *_, after in bench.changes("thousands")] == ["1234", "2345", "7812", "3911"]


def test_lost_zeros_come_back_only_when_chosen_apart(tmp_path: Path) -> None:
    bench = table(tmp_path, column("1.474", "686", "1.49", "2.812", "3.911", "712"))
    assert [after for *_, after in bench.changes("thousands_lost")] == ["1474", "1490", "2812", "3911"]
    assert not KINDS["thousands_lost"].sure


def test_the_examples_show_every_form(tmp_path: Path) -> None:
    bench = table(tmp_path, column("1.474", "686", "2.812", "3.911", "4.155", "5.231", "6.772", "1.49", "712"))
    assert "1.49" in [example["before"] for example in bench.told["kinds"][-1]["examples"]]


def test_fractions_beside_groups_are_left_alone(tmp_path: Path) -> None:
    bench = table(tmp_path, column("1.234.567", "63.5", "12.345", "981"))
    assert not {"thousands", "thousands_lost"} & set(bench.kinds())


def test_whole_numbers_lose_their_fraction(tmp_path: Path) -> None:
    bench = table(tmp_path, column("12.0", "13.0", "14.0", "15"))
    assert [after for *_, after in bench.changes("whole")] == ["12", "13", "14"]


def test_codes_get_one_form_as_far_as_the_list_has_them(tmp_path: Path) -> None:
    codes = ["32.04.05", "32.04.06", "32. 04. 13", "320416", "32.04.10", "99. 99. 99"]
    bench = table(tmp_path, "kode_kecamatan,tahun\n" + "".join(f"{code},2024\n" for code in codes))
    assert [(before, after) for *_, before, after in bench.changes("codes")] == [
        ("32. 04. 13", "32.04.13"),
        ("320416", "32.04.16"),
    ]


def test_a_lost_zero_comes_back_where_the_list_has_that_code(tmp_path: Path) -> None:
    codes = Column("jenis", values=("01", "02", "10"))
    bench = table(tmp_path, "jenis,tahun\n1,2021\n02,2022\n7,2023\n", [codes, Column("tahun", type="year")])
    assert bench.changes("codes") == [(2, "jenis", "1", "01")]


def test_a_name_is_spelled_as_the_list_where_its_letters_are_the_same(tmp_path: Path) -> None:
    sex = [Column("jk", values=("Laki-laki", "Perempuan")), Column("tahun", type="year")]
    bench = table(tmp_path, "jk,tahun\nlaki-laki,2021\nPerempuan,2022\nLaki2,2023\n", sex)
    assert bench.changes("names") == [(2, "jk", "laki-laki", "Laki-laki")]


def test_a_name_is_spelled_as_the_list_where_its_code_says_which(tmp_path: Path) -> None:
    declared = [Column("kode", list=REGIONS), Column("nama_kecamatan"), Column("tahun", type="year")]
    text = "kode_kecamatan,nama_kecamatan,tahun\n32.04.05,Cileunyi,2024\n32.04.32,Balendah,2024\n"
    declared[0] = Column("kode_kecamatan", list=REGIONS)
    assert table(tmp_path, text, declared).changes("names") == [(3, "nama_kecamatan", "Balendah", "Baleendah")]


def test_other_spellings_of_a_name_are_not_chosen_beforehand(tmp_path: Path) -> None:
    names = ["Rumah Makan", "Rumah Makan", "RUMAH MAKAN", "Kafe", "Kafe", "Kafe", "Kafe"]
    bench = table(tmp_path, "jenis,tahun\n" + "".join(f"{name},2024\n" for name in names))
    assert bench.changes("spelling") == [(4, "jenis", "RUMAH MAKAN", "Rumah Makan")]
    assert not KINDS["spelling"].sure


def test_lines_that_are_no_data_go(tmp_path: Path) -> None:
    text = "kecamatan,tahun,jumlah\n(1),(2),(3)\nCileunyi,2024,5\n\nArjasari,2024,7\nJUMLAH,,12\n"
    bench = table(tmp_path, text)
    assert [(kind, bench.changes(kind)[0][0]) for kind in bench.kinds()] == [
        ("numbering", 2),
        ("blank_rows", 4),
        ("totals", 6),
    ]
    assert bench.mend().text() == "kecamatan,tahun,jumlah\nCileunyi,2024,5\nArjasari,2024,7\n"


def test_titles_that_say_the_year_stay(tmp_path: Path) -> None:
    titled = "Jumlah kader{}\n\nkecamatan,kader laki-laki,kader perempuan\nCileunyi,5,2\nArjasari,7,3\nBanjaran,1,4\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with_year, without = (table(tmp_path / name, titled.format(year)) for name, year in (("a", " 2023"), ("b", "")))
    assert "titles" not in with_year.kinds()
    assert [row for row, *_ in without.changes("titles")] == [1, 2]


def test_columns_with_personal_data_are_never_touched(tmp_path: Path) -> None:
    text = "nama penerima,nik,tahun\nBudi  Santoso ,3204050101900000,2024\nSiti  Aminah,3204054101910000,2024\n"
    assert table(tmp_path, text).kinds() == []


def test_numbers_of_persons_are_hidden_in_lines_that_go(tmp_path: Path) -> None:
    text = "nama penerima,nik,jumlah\nBudi,3204050101900000,1\nSiti,3204054101910000,2\nJUMLAH 3204050101900000,,3\n"
    told = str(table(tmp_path, text).told)
    assert "3204050101900000" not in told


def test_an_open_quote_leaves_everything_alone(tmp_path: Path) -> None:
    bench = table(tmp_path, 'nama,tahun\n"Budi ,2024\nSiti ,2023\n')
    assert (bench.told["refused"], bench.told["kinds"]) == ("open_quote", [])


def test_what_a_checklist_leaves_out_is_not_mended(tmp_path: Path) -> None:
    bench = table(tmp_path, "nama,jumlah\nCileunyi ,1\nArjasari,3\n")
    rules = checklist.load()
    fewer = replace(rules, items=tuple(item for item in rules.items if item.check.id != "IS-05"))
    bound = Bound(bench.source.tables[0], (), given=False)
    assert list(plan(bench.source, bound, bench.lists, fewer).changes()) == []


def test_every_kind_speaks_both_languages() -> None:
    for kind in KINDS.values():
        assert kind.title.id != kind.title.en
        assert kind.meaning.id
        assert kind.meaning.en


def test_counts_are_complete_and_examples_few(tmp_path: Path) -> None:
    bench = table(tmp_path, "nama,tahun\n" + "".join(f"Desa {n} ,2024\n" for n in range(40)))
    told = bench.told["kinds"][0]
    assert (told["id"], told["count"], len(told["examples"])) == ("blanks", 40, 5)
