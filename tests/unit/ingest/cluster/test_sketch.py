"""What a signature tells of two texts."""

import hashlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.clusters import newsroom
from services.ingest.cluster.sketch import FEWEST_RUNS, HELD, KEPT, RUN, hashes, held, sketch

ENGLISH = (
    'The ferry "Aurora" left Port Selwyn at nine, two hours late, with 312 people on board. It was the company\'s '
    "first crossing since the harbour closed in March; the minister, who had come to see it off, called it a good day "
    "for the islands. Fishermen blocked the quay for an hour before the police asked them to leave."
)
JAPANESE = (
    "港湾当局は月曜日、嵐のため閉鎖していた北部の港を三日ぶりに再開したと発表した。"
    "島と本土を結ぶ連絡船は午前九時に運航を始め、およそ三百人が乗船した。漁業者は燃料の値上がりに抗議して岸壁を一時封鎖したが、警察の求めに応じて立ち去った。"
)
THAI = (
    "การท่าเรือแถลงเมื่อวันจันทร์ว่าท่าเรือทางเหนือที่ปิดเพราะพายุได้เปิดอีกครั้ง"
    "หลังผ่านไปสามวัน เรือเฟอร์รี่ที่เชื่อมเกาะกับแผ่นดินใหญ่"
    "เริ่มเดินเรือเวลาเก้านาฬิกา มีผู้โดยสารราวสามร้อยคน ชาวประมงปิดท่าเทียบเรือประท้วงราคาน้ำมัน"
)
RUSSIAN = (
    "Паром «Аврора» вышел из порта в девять утра с опозданием на два часа, на борту было 312 человек. Это первый рейс "
    "компании с тех пор, как в марте закрыли гавань; министр назвал день удачным для островов. Рыбаки на час "
    "перекрыли причал, пока полиция не попросила их уйти."
)


def share(one: str, other: str) -> float:
    return held(hashes(sketch(one)), hashes(sketch(other)))


def words(number: int, count: int) -> str:
    """So many words that no other number has."""
    return " ".join(f"w{number}x{place}" for place in range(count))


def test_case_punctuation_and_spacing_do_not_count() -> None:
    same = ENGLISH.upper().replace(" ", "\n\n", 5).replace('"Aurora"', "“Aurora”").replace("'", "’").replace(";", " –")
    assert sketch(same) == sketch(ENGLISH)
    assert sketch(RUSSIAN.replace("«", '"').replace("»", '"').replace(" ", " ").upper()) == sketch(RUSSIAN)


def test_a_signature_is_the_same_for_ever() -> None:
    # Another one would not be found by the texts of before; a change here makes the window start anew.
    signatures = b"".join(map(sketch, (ENGLISH, RUSSIAN, JAPANESE, THAI, words(1, 500))))
    assert hashlib.sha256(signatures).hexdigest()[:16] == "3bc792034268b788"


@pytest.mark.parametrize("text", ["", "One dead in Karsk.", words(1, FEWEST_RUNS + RUN - 2), "again and again " * 5000])
def test_a_text_too_short_to_say_has_no_signature(text: str) -> None:
    assert sketch(text) == b""


def test_thirty_words_are_enough() -> None:
    text = words(1, FEWEST_RUNS + RUN - 1)
    assert share(text, text) == 1


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, JAPANESE, THAI], ids=["English", "Russian", "Japanese", "Thai"])
def test_an_edit_is_told_from_another_text_in_any_script(text: str) -> None:
    middle = len(text) // 2
    assert share(text, text[:middle] + text[middle + 4 :]) > HELD
    assert share(text, text[: middle * 3 // 2]) > 0.95  # the last word may be cut
    other = " ".join(reversed(text.split(" "))) if text in (ENGLISH, RUSSIAN) else text[::-1]
    assert share(text, other) == 0


def test_what_a_short_text_shares_is_exact() -> None:
    # 60 words that are the first of 90: 55 runs of 85.
    assert share(words(1, 60), words(1, 90)) == 1
    # Five of the 55 runs of the first cross into what the second does not have.
    assert share(words(1, 60), words(1, 30) + " " + words(2, 30)) == pytest.approx(25 / 55)


@pytest.mark.parametrize("part", [0.6, 0.7, 0.8])
def test_what_a_long_text_shares_is_told_within_a_fifth(part: float) -> None:
    same = round(1500 * part)
    shares = [
        share(f"{words(n, same)} {words(1000 + n, 1500 - same)}", f"{words(n, same)} {words(2000 + n, 1500 - same)}")
        for n in range(60)
    ]
    assert sum(shares) / len(shares) == pytest.approx(part, abs=0.03)
    assert max(abs(one - part) for one in shares) < 0.2


def test_a_note_among_the_many_of_a_round_up_is_no_version_of_it() -> None:
    assert share(words(1, 60), f"{words(2, 300)} {words(1, 60)} {words(3, 300)}") == 0


def test_versions_are_near_and_what_only_looks_alike_is_not() -> None:
    rng = Random(20)  # noqa: S311 - repeatable on purpose
    near = [share(pair.first, pair.second) >= HELD for pair in newsroom.versions(rng, 30)]
    assert sum(near) >= 0.97 * len(near)
    assert [pair.kind for pair in newsroom.strangers(rng, 30) if share(pair.first, pair.second) >= HELD] == []


@given(st.text(max_size=400) | st.lists(st.sampled_from("ab港ไ’«é "), max_size=400).map("".join))
def test_any_text_has_a_signature_of_its_own_or_none(text: str) -> None:
    signature = sketch(text)
    found = hashes(signature)
    assert len(signature) <= 4 * KEPT
    assert list(found) == sorted(set(found))
    assert not signature or held(found, found) == 1


@pytest.mark.timeout(60)  # a tenth of a second, usually
@pytest.mark.parametrize(
    "text", [words(1, 100_000), "港" * 300_000, "x" * 1_000_000, "é " * 500_000, "\ud800 " * 300_000]
)
def test_a_text_of_a_million_bytes_is_no_load(text: str) -> None:
    assert len(sketch(text)) <= 4 * KEPT
