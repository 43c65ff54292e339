"""Residents: what one may be, what cannot be together, and what is never printed."""

from __future__ import annotations

import pickle
import re
from datetime import date
from typing import Any

import pytest

from munirules import MunirulesError, read, write
from munirules.calendar import PartialDate, Precision, parse
from munirules.models.declare import InvariantError, declaration
from munirules.models.fields import FieldError
from munirules.models.identifiers import (
    corporate_number_problem,
    my_number_problem,
    resident_code_problem,
)
from munirules.models.read import DataError
from munirules.models.resident import ForeignClass, MovedIn, MovedOut, Resident, Sex

MY_NUMBER = "123456789018"
RESIDENT_CODE = "12345678901"


def resident(**more) -> Resident:
    return Resident(**{"id": "a", "born_on": date(1980, 4, 1), **more})


def test_an_id_and_a_birth_date_are_enough():
    assert declaration(Resident).required == {"id", "born_on"}
    assert resident().nationality == "JPN"


def test_everything_of_a_resident_record():
    whole = resident(
        name="架空　花子",
        name_kana="カクウ　ハナコ",
        former_surname="旧姓",
        sex=Sex.FEMALE,
        relationship="妻",
        spouse="b",
        moved_in_on=date(2020, 4, 1),
        moved_in_by=MovedIn.MOVE,
        moved_out_on=date(2026, 3, 31),
        moved_out_by=MovedOut.ABROAD,
        protected=True,
        my_number=MY_NUMBER,
        resident_code=RESIDENT_CODE,
    )
    assert read(Resident, write(whole)) == whole


def test_a_foreign_resident():
    own = resident(
        nationality="KOR",
        foreign_class=ForeignClass.SPECIAL_PERMANENT,
        name_latin="KIM",
        alias="金本",
        alias_kana="カネモト",
    )
    assert read(Resident, write(own)) == own


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"id": ""}, "id (宛名番号): empty"),
        ({"mother": "a"}, "mother (母): 'a' is this person"),
        ({"nationality": "Japan"}, "nationality (国籍・地域): 'Japan'; write the ISO code of three letters"),
        ({"nationality": "jpn"}, "write the ISO code of three letters"),
        ({"residence_status": "永住者"}, "residence_status (在留資格): '永住者', but nationality is JPN"),
        ({"foreign_class": ForeignClass.MID_TO_LONG_TERM}, "foreign_class (外国人住民の区分): 中長期在留者"),
    ],
)
def test_what_cannot_be_together(more, told):
    with pytest.raises(InvariantError, match=re.escape(told)) as caught:
        resident(**more)
    assert str(caught.value).startswith("Resident.")


def test_every_problem_is_told_at_once_and_by_its_path():
    data = {"id": "a", "born_on": "1980-04-01", "mother": "a", "spouse": "a"}
    with pytest.raises(DataError) as caught:
        read(Resident, data, "people[3]")
    assert [problem.partition(" ")[0] for problem in caught.value.problems] == ["people[3].mother", "people[3].spouse"]


class TestPartlyKnownBirth:
    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("昭和20年8月不詳", date(1945, 8, 1), date(1945, 8, 31)),
            ("昭和20年", date(1945, 1, 1), date(1945, 12, 31)),
            ("不詳", None, None),
        ],
    )
    def test_what_is_known_of_it_is_kept(self, text, earliest, latest):
        own = read(Resident, {"id": "a", "born_on": text})
        born: Any = own.born_on
        assert (born.earliest, born.latest) == (earliest, latest)
        assert write(own)["born_on"] == text
        assert read(Resident, write(own)) == own

    def test_it_may_be_given_in_python(self):
        born: Any = resident(born_on=parse("昭和20年8月不詳")).born_on
        assert born.precision is Precision.MONTH

    def test_without_its_text_the_ends_are_written(self):
        own = resident(born_on=PartialDate(date(1945, 8, 1), None, Precision.RANGE))
        assert write(own)["born_on"] == {"earliest": "1945-08-01", "latest": None, "precision": "range"}
        assert read(Resident, write(own)) == own

    def test_a_text_that_other_codes_are_needed_for_is_not_written(self):
        odd = PartialDate(date(1945, 8, 1), date(1945, 8, 31), Precision.MONTH, text="no date at all")
        assert read(Resident, write(resident(born_on=odd))).born_on == odd

    def test_a_whole_date_is_a_date(self):
        assert read(Resident, {"id": "a", "born_on": "昭和55年4月1日"}).born_on == date(1980, 4, 1)

    @pytest.mark.parametrize(
        "raw",
        [
            {"earliest": "1945-08-31", "latest": "1945-08-01", "precision": "month"},
            {"earliest": "1945-08-01"},
            {"earliest": None, "latest": None, "precision": "more or less"},
            "昭和99年",
            1945,
        ],
    )
    def test_what_is_no_date_is_told(self, raw):
        with pytest.raises(DataError, match="born_on \\(生年月日\\)"):
            read(Resident, {"id": "a", "born_on": raw})

    def test_another_date_must_be_whole(self):
        with pytest.raises(DataError, match="moved_out_on"):
            read(Resident, {"id": "a", "born_on": "1980-04-01", "moved_out_on": "令和8年4月不詳"})
        with pytest.raises(FieldError, match="moved_out_on"):
            resident(moved_out_on=parse("令和8年4月不詳"))

    def test_declarations_say_which_may_be(self):
        assert declaration(Resident).partial == ("born_on", "moved_in_on", "address_since", "died_on")


class TestSecrets:
    def test_declarations_say_which_are(self):
        assert declaration(Resident).secret == {"my_number", "resident_code"}

    def test_repr_hides_them(self):
        told = repr(resident(my_number=MY_NUMBER, resident_code=RESIDENT_CODE))
        assert "my_number=***" in told
        assert MY_NUMBER not in told
        assert RESIDENT_CODE not in told

    @pytest.mark.parametrize("wrong", ["123456789010", "1234", "1234-5678-9018", 123456789018, ["123456789018"]])
    @pytest.mark.parametrize("field", ["my_number", "resident_code"])
    def test_errors_hide_them(self, field, wrong):
        for make in (lambda: resident(**{field: wrong}), lambda: read(Resident, {"id": "a", field: wrong})):
            with pytest.raises(MunirulesError) as caught:
                make()
            assert "1234" not in str(caught.value)

    @pytest.mark.parametrize(
        "data",
        [
            {"id": "a", "born_on": MY_NUMBER},
            {"id": int(MY_NUMBER), "born_on": "1980-04-01"},
            {"id": "a", "born_on": {"my_number": MY_NUMBER}},
            {"id": "a", "born_on": "1980-04-01", "sex": "1234 5678 9018"},
            [MY_NUMBER],
            MY_NUMBER,
        ],
    )
    def test_errors_hide_them_where_they_do_not_belong(self, data):
        with pytest.raises(DataError) as caught:
            read(Resident, data)
        assert "5678" not in str(caught.value)

    def test_writing_keeps_them_and_may_hide_them(self):
        own = resident(my_number=MY_NUMBER)
        assert write(own)["my_number"] == MY_NUMBER
        assert write(own, hide=True)["my_number"] == "***"
        assert write(own, hide=True)["resident_code"] is None
        assert pickle.loads(pickle.dumps(own)) == own


class TestCheckDigits:
    @pytest.mark.parametrize("number", [MY_NUMBER, "983205673214"])
    def test_individual_numbers(self, number):
        assert my_number_problem(number) == ""

    def test_a_mistyped_figure_is_found(self):
        for place in range(12):
            for figure in "0123456789":
                number = MY_NUMBER[:place] + figure + MY_NUMBER[place + 1 :]
                # A remainder of 0 and of 1 both give the check digit 0, so that a few slips pass by law.
                if number != MY_NUMBER and my_number_problem(number) == "":
                    assert number[-1] == "0"

    # The numbers of 日本税理士会連合会 (7010705000725) and of an example of the reckoning (7123456789012).
    @pytest.mark.parametrize("number", ["7010705000725", "7123456789012"])
    def test_corporate_numbers(self, number):
        assert corporate_number_problem(number) == ""
        assert "check digit" in corporate_number_problem("1" + number[1:])

    @pytest.mark.parametrize("number", ["", "12345678901234", "1234567890１8", "12345678901 "])
    def test_figures_alone(self, number):
        assert "figures" in my_number_problem(number)
        assert "figures" in corporate_number_problem(number)
        assert "figures" in resident_code_problem(number)

    def test_resident_codes(self):
        assert resident_code_problem(RESIDENT_CODE) == ""
