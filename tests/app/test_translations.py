"""Nothing that a person reads is without Vietnamese, and no translation is left behind."""

from collections import defaultdict

from tests.app.catalogue import asked, given, placeholders


def test_every_message_has_its_vietnamese() -> None:
    translated = {entry.msgid for entry in given() if all(entry.texts)}
    missing = {each.msgid: each.where for each in asked() if each.msgid not in translated}
    assert not missing


def test_no_entry_is_fuzzy() -> None:
    assert not [(entry.file, entry.msgid) for entry in given() if entry.fuzzy]


def test_no_entry_is_unused() -> None:
    wanted = {each.msgid for each in asked()}
    assert not [(entry.file, entry.msgid) for entry in given() if entry.msgid not in wanted]


def test_the_plural_of_an_entry_is_that_of_the_code() -> None:
    plurals = {each.msgid: each.plural for each in asked() if each.plural}
    assert not [
        (entry.file, entry.msgid)
        for entry in given()
        if entry.msgid in plurals and entry.plural != plurals[entry.msgid]
    ]


def test_a_message_is_translated_the_same_way_everywhere() -> None:
    texts = defaultdict(set)
    for entry in given():
        texts[entry.msgid].add(entry.texts)
    assert not {msgid: found for msgid, found in texts.items() if len(found) > 1}


def test_placeholders_of_message_and_translation_agree() -> None:
    wrong = []
    for entry in given():
        names = placeholders(entry.plural or entry.msgid)
        wrong += [(entry.file, text) for text in entry.texts if placeholders(text) != names]
    assert not wrong
