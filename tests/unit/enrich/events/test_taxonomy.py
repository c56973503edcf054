"""Every tag keeps what its definition promises, shown by its own example sentences."""

import re
from pathlib import Path

import pytest

from newswire.enriched import Event
from services.enrich.events.rules import book
from services.enrich.events.table import table
from services.enrich.events.taxonomy import KINDS, TAGS, TAXONOMY

CONTRACT = """
conflict.battle.{armed_clash,territory_gained_state,territory_gained_nonstate,offensive}
conflict.remote.{air_drone_strike,shelling_missile,ied_mine,suicide_bomb,grenade,chemical}
conflict.civilians.{attack,abduction,sexual_violence,mass_killing}
conflict.posture.{mobilize,weapons_seized,base_established,withdrawal,group_change}
unrest.protest.{peaceful,intervention,excessive_force,strike}   unrest.riot.{violent_demo,mob,looting}
politics.diplomacy.{meeting,agreement,ceasefire,expulsion,sanction,threat,accusation,statement}
politics.domestic.{election,resignation,legislation}
law.{arrest,charge,trial,verdict,war_crimes_probe}  crime.{organised,violent,cyber}
disaster.natural.{earthquake,flood,storm,wildfire,epidemic,drought}
disaster.manmade.{accident,fire_explosion,collapse,spill}
humanitarian.{displacement,aid,infrastructure_damage,prisoner_release}   economy.{market,company,trade,labour}
"""
MATCHES = [(tag.id, sentence) for tag in TAXONOMY.values() for sentence in tag.matches]
MISSES = [(tag.id, sentence) for tag in TAXONOMY.values() for sentence in tag.misses]


def test_the_tags_are_those_of_the_contract():
    promised = {
        f"{stem}.{leaf}"
        for stem, leaves in re.findall(r"([\w.]+)\.\{([^}]*)\}", CONTRACT)
        for leaf in leaves.split(",")
    }
    assert set(TAGS) == promised
    assert len(TAGS) == len(promised)


def test_every_tag_has_a_definition_examples_and_a_trigger():
    triggered = {rule.tag for rules in book().by_phrase for rule in rules}
    for tag in TAXONOMY.values():
        assert tag.definition.endswith("."), tag.id
        assert tag.matches, tag.id
        assert tag.misses, tag.id
        assert tag.id in triggered


def test_a_tag_absorbs_only_tags_that_exist_and_none_that_absorb_it():
    for tag in TAXONOMY.values():
        assert tag.absorbs <= set(TAGS), tag.id
        assert not any(tag.id in TAXONOMY[other].absorbs for other in tag.absorbs), tag.id


def test_traits_are_those_the_code_knows():
    known = {
        "hostile",
        "claimable",
        "casualties",
        "parties",
        "quiet",
        "dateline",
        "emptying",
        "spoken",
        "official",
        "apart",
    }
    assert set().union(*(tag.traits for tag in TAXONOMY.values())) == known


def test_numbers_are_those_that_an_event_has_a_field_for():
    assert set().union(*(tag.numbers for tag in TAXONOMY.values())) < KINDS < set(Event.__struct_fields__)


@pytest.mark.parametrize(("tag", "sentence"), MATCHES)
def test_an_example_carries_its_tag(read, tag, sentence):
    assert tag in {event.type for event in read(sentence)}


@pytest.mark.parametrize(("tag", "sentence"), MISSES)
def test_a_counterexample_does_not_carry_the_tag(read, tag, sentence):
    assert tag not in {event.type for event in read(sentence)}


def test_the_documentation_has_the_table_of_the_data_file():
    page = (Path(__file__).parents[4] / "docs" / "enrichment.md").read_text("utf-8")
    assert table() in page, "copy it from `python -m services.enrich.events.table`"
