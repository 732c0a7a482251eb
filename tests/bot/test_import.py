"""Rules of other tools, brought by a chat message or a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.reading.imports import importing
from tests.house import House, open_store

PASTE = """"troop deployment" and "ukraine"
"missile" and COMPANY(gazprom)
"pipeline" and not COMPANY(shell)
("never closed\""""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store("memory", tmp_path)
    yield House(store)
    store.close()


async def test_the_preview_tells_of_every_part(house: House) -> None:
    answer = await house.say(f"/import from lexis {PASTE}")
    assert "4 rules of LexisNexis: 1 kept, 1 with something lost, 2 not made" in answer
    assert 'watch "troop deployment" AND ukraine' in answer
    assert "lost: COMPANY(gazprom): there is no segment COMPANY here; without it the rule finds more" in answer
    assert "No rule: “COMPANY(shell)” cannot be said" in answer
    assert "Cannot be read: this parenthesis is never closed" in answer
    commands = [button.command for button in house.chat.posts[-1].message.buttons]
    assert commands == ['watch "troop deployment" AND ukraine', "watch missile"]
    assert "watches nothing yet" in await house.say("rules")
    assert "Watching: rule 1" in await house.say(commands[0])


async def test_what_one_answer_cannot_show_is_counted(house: House) -> None:
    answer = await house.say("import from lexis\n" + "\n".join(f'"word{number}"' for number in range(60)))
    assert "60 rules of LexisNexis: 60 kept" in answer
    assert "48 more rules not shown here, from line 13 on" in answer
    answer = await house.say("import from lexis save\n" + "\n".join(f'"word{number}"' for number in range(60)))
    assert "Saved: 60 rules of 60" in answer
    assert "and 48 more; all of them: rules" in answer
    long = " or ".join(f'"word{number}"' for number in range(300))
    assert "characters, too many to show" in await house.say(f"import from lexis {long}")


async def test_save_keeps_what_loses_nothing_and_lists_the_rest(house: House) -> None:
    answer = await house.say(f"import from lexis save\n{PASTE}")
    assert "Saved: 1 rule of 4" in answer
    assert "3 rules need a look" in answer
    rules = await house.say("rules")
    assert '"troop deployment" AND ukraine' in rules
    assert "missile" not in rules
    assert "rule 1 is the same" in await house.say(f"import from lexis save\n{PASTE}")


async def test_a_name_before_a_tab_is_the_topic(house: House) -> None:
    await house.say('import from lexis save\nwar\t"missile"\npeace\t"talks"')
    rules = await house.say("rules")
    assert "1 “war”: missile" in rules
    assert "2 “peace”: talks" in rules


async def test_our_own_rules_come_back(house: House) -> None:
    assert "Saved: 2 rules of 2" in await house.say("import from watchword save\ntroops NEAR/5 Kyiv\nquake NOT drill")


async def test_slack_writes_signs_in_its_own_way(house: House) -> None:
    answer = await house.say('import from lexis "Smith" &amp; "Sons"')
    assert "watch Smith AND Sons" in answer


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import", "From which tool?"),
        ("import from meltwhat troops", "I cannot read rules of “meltwhat”"),
        ("import from lexis", "There is no rule to import"),
        ("import from lexis\n" + "troops\n" * 201, "One message can bring 200 rules, this has 201"),
    ],
)
async def test_what_cannot_be_done_is_said_with_a_cure(house: House, line: str, words: str) -> None:
    answer = await house.say(line)
    assert words in answer


def test_a_rule_may_run_over_lines() -> None:
    text = "(troops OR\n  soldiers)\nAND Kyiv\n\nflood\nstorm OR\nrain\n(never\nclosed"
    found = importing.read(text, "brandwatch")
    assert [(each.line, each.source) for each in found] == [
        (1, "(troops OR soldiers) AND Kyiv"),
        (5, "flood"),
        (6, "storm OR rain"),
        (8, "(never"),
        (9, "closed"),
    ]


def test_many_lines_are_read_soon() -> None:
    assert len(importing.read("(\n" * 2000, "lexis")) == 2000


def run(tmp_path: Path, tool: str, text: str) -> tuple[int, str]:
    path = tmp_path / "rules.txt"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(main, ["import", "--from", tool, str(path)], catch_exceptions=False)
    return result.exit_code, result.output


def test_the_command_line_prints_a_report_and_fails_when_something_is_lost(tmp_path: Path) -> None:
    code, output = run(tmp_path, "lexis", PASTE)
    assert code == 1
    assert '  rule     "troop deployment" AND ukraine\n' in output
    assert "  lost     COMPANY(gazprom): there is no segment COMPANY here" in output
    assert "  cannot be read: this parenthesis is never closed" in output
    assert output.rstrip().endswith("4 rules of LexisNexis: 1 kept, 1 with something lost, 2 not made")
    assert run(tmp_path, "lexis", '"troops"')[0] == 0
    assert run(tmp_path, "nothing", "troops")[0] == 2
