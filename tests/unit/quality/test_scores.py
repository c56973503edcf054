"""What is right, what is found and what was wanted, on answers small enough to count by hand."""

import pytest

from bench.quality import scores
from bench.quality.answers import Answer, Located
from bench.quality.sample import Expression, Named, Sample, Span, Toponym

KANO = Span("body", 0, 4)
CHAD = Span("body", 9, 13)
TOWN = Located(12.0, 8.52, "NG", "city")


def answer(**known: object) -> Answer:
    nothing: dict[str, object] = {"names": frozenset(), "places": {}, "times": (), "event": None}
    return Answer(**(nothing | known))  # type: ignore[arg-type]


def test_precision_recall_and_f1_are_the_usual_ones() -> None:
    assert scores.score(2, 4, 2) == (0.5, 1.0, pytest.approx(2 / 3))
    assert scores.score(0, 0, 0) == (1, 1, 1)
    assert scores.score(0, 0, 3) == (0, 0, 0)
    assert scores.score(0, 3, 0) == (0, 0, 0)


def test_a_name_of_the_wrong_type_is_both_missed_and_too_much() -> None:
    sample = Sample("a", "Kano and Chad", names=frozenset({Named(KANO, "LOC"), Named(CHAD, "LOC")}))
    found = scores.names([sample], {"a": [Named(KANO, "LOC"), Named(CHAD, "PER")]})
    assert found["LOC"] == (1, 0.5, pytest.approx(2 / 3))
    assert found["PER"].precision == 0
    assert found["all"] == (0.5, 0.5, 0.5)


def test_the_title_s_offsets_are_not_the_body_s() -> None:
    sample = Sample("a", "Kano", names=frozenset({Named(KANO, "LOC")}))
    assert scores.names([sample], {"a": [Named(KANO._replace(field="title"), "LOC")]})["all"].f1 == 0


def test_what_overlaps_an_optional_toponym_does_not_count() -> None:
    sample = Sample("a", "Kano and Chad", toponyms=(Toponym(KANO, 12, 8.5), Toponym(CHAD, optional=True)))
    assert scores.recognition([sample], {"a": [KANO, Span("body", 10, 13)]}) == (1, 1, 1)
    assert scores.recognition([sample], {"a": [KANO, Span("body", 5, 8)]}).precision == 0.5


def test_the_distance_is_along_the_great_circle() -> None:
    assert scores.kilometres((48.8567, 2.3508), (51.5072, -0.1275)) == pytest.approx(343.5, abs=1)
    assert scores.kilometres((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


@pytest.mark.parametrize(
    ("toponym", "right"),
    [
        (Toponym(KANO, 12.0, 8.6), 1),
        (Toponym(KANO, 33.66, -95.56), 0),
        (Toponym(KANO, 9.0, 8.0, within=400), 1),
        (Toponym(KANO, country="NG"), 0),
    ],
)
def test_a_place_is_right_within_its_distance_and_a_country_only_as_a_country(toponym: Toponym, right: int) -> None:
    sample = Sample("a", "Kano", toponyms=(toponym,))
    assert scores.resolution([sample], {"a": answer(places={KANO: TOWN})}).right == right


def test_a_place_without_a_position_is_recognised_and_not_right() -> None:
    sample = Sample("a", "Kano", toponyms=(Toponym(KANO, 12, 8.5), Toponym(CHAD, country="TD")))
    found = scores.resolution([sample], {"a": answer(places={KANO: TOWN._replace(lat=None)})})
    assert (found.recognised, found.wanted, found.right, found.median) == (1, 2, 0, None)


def test_each_time_expression_is_paired_with_the_one_that_overlaps_it_most() -> None:
    gold = (Expression(0, 10, None, "2025-02-07"), Expression(12, 20, None, "P3D"))
    found = (Expression(0, 3, "DATE", "x"), Expression(4, 10, "DATE", "2025-02-07"), Expression(12, 20, "DATE", "P4D"))
    times = scores.times([Sample("a", "", times=gold)], {"a": answer(times=found)})
    assert times.strict == scores.score(1, 3, 2)
    assert times.relaxed == scores.score(2, 3, 2)
    assert times.value == 0.5


def test_full_minutes_and_utc_are_no_difference_of_value() -> None:
    gold = (Expression(0, 4, None, "2025-02-07T10:00"),)
    found = (Expression(0, 4, "TIME", "2025-02-07T10"),)
    assert scores.times([Sample("a", "", times=gold)], {"a": answer(times=found)}).value == 1


def test_an_event_is_compared_by_its_label_and_by_its_group() -> None:
    samples = [Sample(name, "", label="AIR_STRIKE") for name in ("a", "b", "c")]
    answers = {
        "a": answer(event="conflict.remote.air_drone_strike"),
        "b": answer(event="conflict.remote.shelling_missile"),
        "c": answer(),
    }
    found = scores.labels(samples, answers)
    assert (found.accuracy, found.group_accuracy) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert found.macro_f1 == pytest.approx(0.5)


def test_the_headline_s_event_may_be_the_first_or_one_among_others_and_nothing_is_right_where_there_is_none() -> None:
    quake, flood = "disaster.natural.earthquake", "disaster.natural.flood"
    samples = [Sample("a", "", tag=quake), Sample("b", "", tag=quake), Sample("c", "", tag="none"), Sample("d", "")]
    answers = {
        "a": answer(event=quake, tags=frozenset({quake})),
        "b": answer(event=flood, tags=frozenset({quake, flood})),
        "c": answer(),
        "d": answer(event=flood, tags=frozenset({flood})),
    }
    found = scores.tags(samples, answers)
    assert (found.accuracy, found.group_accuracy, found.among) == (pytest.approx(2 / 3), 1, 1)
    assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)
