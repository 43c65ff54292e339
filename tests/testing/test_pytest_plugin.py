"""`pytest --munirules`, and the fixtures of plugins' tests, in a pytest of its own."""

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def test_an_item_for_each_property_and_each_case(pytester):
    found = pytester.runpytest_subprocess("--munirules", "--munirules-in", "飛騨市", "--munirules-examples", "5", "-v")
    found.assert_outcomes(passed=18)
    out = found.stdout.str()
    assert "munirules 飛騨市::welfare.hida_coupon::total PASSED" in out
    assert "munirules 飛騨市::welfare.hida_coupon::never_above_amount PASSED" in out
    assert "munirules 飛騨市::welfare.hida_coupon::not_in_force PASSED" in out
    assert "munirules 飛騨市::welfare.hida_coupon::columns_python PASSED" in out
    assert "munirules 飛騨市::welfare.hida_coupon::年長児 PASSED" in out


def test_of_one_decision_or_area(pytester):
    here = ("--munirules-in", "215066", "--munirules-examples", "3")
    one = pytester.runpytest("--munirules=water.supply", *here, "--collect-only", "-q").stdout.str()
    area = pytester.runpytest("--munirules=water", *here, "--collect-only", "-q").stdout.str()
    assert "water.supply::total" in one
    assert "water.supply.settlement" in one  # it belongs to the business
    assert "fees." not in one + area
    assert "welfare." not in one + area


def test_without_the_option_nothing_is_added(pytester):
    pytester.makepyfile("def test_nothing(): pass")
    found = pytester.runpytest()
    found.assert_outcomes(passed=1)


def test_a_property_that_does_not_hold_shows_the_question(pytester):
    pytester.makeconftest(
        """
        import pytest
        from munirules.engine.holds import never_above
        from munirules.law.water.supply import water_bill

        @pytest.hookimpl(tryfirst=True)
        def pytest_collection_modifyitems():
            water_bill.properties = (*water_bill.properties, never_above("total", 2000, because="見本"))

        def pytest_unconfigure():
            water_bill.properties = water_bill.properties[:-1]
        """
    )
    found = pytester.runpytest_subprocess(
        "--munirules=water.supply", "--munirules-in", "白川町", "--munirules-examples", "20"
    )
    assert found.parseoutcomes()["failed"] == 1
    out = found.stdout.str()
    assert "water.supply in 岐阜県白川町" in out
    assert "total is never above 2000" in out
    assert "munirules decide water.supply --in 215066 --facts" in out
    assert "Traceback" not in out


def test_fixtures_open_a_rulebook_and_decide(pytester):
    pytester.makepyfile(
        """
        from datetime import date
        import pytest
        from munirules.law.water.supply import WaterUse

        USE = {"use": "家事用", "meter_size": 13, "volume": 15, "months": 1}

        @pytest.mark.munirules("白川町", on="R5.5.10")
        def test_of_data(decide, rulebook, on):
            assert rulebook.jurisdiction.code == "215066"
            assert on == date(2023, 5, 10)
            assert decide("water.supply", USE).result.total == 2718
            assert decide("water.supply", {"subject": USE, "on": "2020-01-10"}).result.total == 2713
            assert decide("water.supply", USE, on=date(2020, 1, 10)).on == date(2020, 1, 10)

        @pytest.mark.munirules(place="215066", on=date(2023, 5, 10))
        def test_of_objects(decide):
            assert decide("water.supply", WaterUse(**USE)).result.total == 2718
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_fixtures_go_by_the_ini_file(pytester):
    pytester.makeini("[pytest]\nmunirules_in = 白川町\nmunirules_on = 2023-05-10\n")
    pytester.makepyfile("def test_it(rulebook, on): assert (rulebook.jurisdiction.name, on.year) == ('白川町', 2023)")
    pytester.runpytest().assert_outcomes(passed=1)


def test_what_is_not_said_is_told(pytester):
    pytester.makepyfile(
        """
        import pytest

        def test_place(rulebook): pass

        @pytest.mark.munirules("白川町")
        def test_day(on): pass
        """
    )
    found = pytester.runpytest()
    found.assert_outcomes(errors=2)
    out = found.stdout.str()
    assert "no jurisdiction: mark the test with @pytest.mark.munirules('CODE')" in out
    assert "no date: mark the test with" in out
