from dataclasses import replace

from bot.core.alerts.alerting import Decision, News, alert_key, decide, report_of
from bot.model import Alert, Destination, Follow, Mute, MuteKind, Reason, WatchRule
from tests.fakes import ANNA, ANNAS, BORIS, NOON, ROOM, document


def rule(number: int, text: str = "troops", topic: str = "troops") -> WatchRule:
    return WatchRule(
        id=f"r{number}", number=number, channel_id="c", owner=ANNA, topic=topic, text=text, created_at=NOON
    )


def mute(kind: MuteKind, what: str, **whose: object) -> Mute:
    return Mute(id="m", kind=kind, what=what, created_at=NOON, **whose)  # type: ignore[arg-type]


def decided(
    news: News,
    *,
    to: Destination = ROOM,
    alert: Alert | None = None,
    mutes: tuple[Mute, ...] = (),
    follows: tuple[Follow, ...] = (),
    first_poll: bool = False,
) -> Decision | None:
    return decide(
        news,
        to,
        alert=alert,
        alert_rules=(rule(1),) if alert else (),
        mutes=mutes,
        follows=follows,
        first_poll=first_poll,
        now=NOON,
    )


def news(number: int = 1, *rules: WatchRule, site: str = "Courier", earlier: tuple[object, ...] = ()) -> News:
    return News(
        document=document(number, "Troops move", "Troops moved.", site=site),
        story_id="s",
        earlier=earlier,  # type: ignore[arg-type]
        rules=rules,
    )


def raised(number: int = 1, *rules: WatchRule, site: str = "Courier") -> Alert:
    decision = decided(news(number, *(rules or (rule(1),)), site=site))
    assert decision is not None
    assert decision.alert is not None
    return decision.alert


def test_a_match_of_a_new_story_is_sent() -> None:
    decision = decided(news(1, rule(1), rule(2)))
    assert decision is not None
    assert (decision.act, decision.reason) == ("send", Reason.NEW_STORY)
    assert decision.alert is not None
    assert decision.alert.key == alert_key(ROOM, "s")
    assert decision.alert.rule_ids == ("r1", "r2")


def test_no_match_and_no_alert_is_nobodys_business() -> None:
    assert decided(news(1)) is None


def test_what_a_new_feed_had_already_is_only_archived() -> None:
    decision = decided(news(1, rule(1)), first_poll=True)
    assert decision is not None
    assert (decision.act, decision.reason, decision.alert) == ("nothing", Reason.FIRST_POLL, None)


def test_another_outlet_edits_the_message_even_where_its_words_do_not_match() -> None:
    decision = decided(news(2, site="Wire"), alert=raised())
    assert decision is not None
    assert (decision.act, decision.reason) == ("edit", Reason.NEW_SOURCE)
    assert decision.alert is not None
    assert [report.site for report in decision.alert.reports] == ["Courier", "Wire"]


def test_the_same_outlet_again_changes_nothing_but_a_newer_version_takes_its_place() -> None:
    again = decided(news(2, rule(1)), alert=raised())
    assert again is not None
    assert (again.act, again.reason) == ("nothing", Reason.DUPLICATE)
    newer = replace(document(3, "Troops moved on", site="Courier"), url=document(1).url)
    updated = decided(News(document=newer, story_id="s", earlier=(), rules=(rule(1),)), alert=raised())
    assert updated is not None
    assert (updated.act, updated.reason) == ("edit", Reason.UPDATED)
    assert updated.alert is not None
    assert [report.title for report in updated.alert.reports] == ["Troops moved on"]


def test_a_second_rule_joins_the_message() -> None:
    decision = decided(news(2, rule(1), rule(2)), alert=raised())
    assert decision is not None
    assert (decision.act, decision.reason) == ("edit", Reason.NEW_RULE)
    assert decision.alert is not None
    assert decision.alert.rule_ids == ("r1", "r2")


def test_a_late_match_names_the_outlets_that_came_before() -> None:
    earlier = (report_of(document(1, "Troops", site="Wire")), report_of(document(2, "Troops", site="Courier")))
    decision = decided(news(3, rule(1), earlier=earlier))
    assert decision is not None
    assert decision.alert is not None
    assert [report.site for report in decision.alert.reports] == ["Courier", "Wire"]


def version(number: int, *rules: WatchRule, url: str = "", of: frozenset[str] = frozenset()) -> News:
    newer = replace(document(number, f"Version {number}", site="Courier"), url=url or document(1).url)
    return News(document=newer, story_id="s", earlier=(), rules=rules, versions=of)


def titles(decision: Decision | None) -> list[str]:
    assert decision is not None
    assert decision.alert is not None
    return [report.title for report in decision.alert.reports]


def test_an_edited_article_that_matches_only_now_is_quoted_not_its_first_version() -> None:
    first = report_of(replace(document(1, "Before", site="Courier"), url=document(1).url))
    assert titles(decided(replace(version(2, rule(1)), earlier=(first,)))) == ["Version 2"]


def test_a_version_without_a_hit_never_takes_the_place_of_the_text_that_matched() -> None:
    decision = decided(version(2), alert=raised())
    assert decision is not None
    assert (decision.act, decision.reason, decision.alert) == ("nothing", Reason.UPDATED, None)


def test_a_version_that_only_another_rule_hits_comes_on_top_and_the_older_one_stays_to_be_quoted() -> None:
    assert titles(decided(version(2, rule(2)), alert=raised())) == ["Version 2", "Troops move"]
    assert titles(decided(version(2, rule(1), rule(2)), alert=raised())) == ["Version 2"]


def test_a_version_is_known_by_its_item_when_its_address_changed() -> None:
    alert = raised()
    moved = version(2, rule(1), url="https://courier.example/moved", of=frozenset({alert.reports[0].document_id}))
    assert titles(decided(moved, alert=alert)) == ["Version 2"]


def test_another_report_of_a_known_outlet_is_named_when_only_it_has_the_new_rules_hits() -> None:
    assert len(titles(decided(news(2, rule(2)), alert=raised()))) == 2


def test_mutes_withhold_in_a_direct_chat() -> None:
    cases = [
        mute(MuteKind.TOPIC, "TROOPS", user=ANNA),
        mute(MuteKind.SITE, "courier", user=ANNA),
        mute(MuteKind.STORY, "s", user=ANNA),
        mute(MuteKind.RULE, "moved NOT rain", user=ANNA),
    ]
    for one in cases:
        decision = decided(news(1, rule(1)), to=ANNAS, mutes=(one,))
        assert decision is not None
        assert (decision.act, decision.reason, decision.detail) == ("nothing", Reason.MUTED, "m"), one
    for other in (mute(MuteKind.TOPIC, "tanks", user=ANNA), mute(MuteKind.TOPIC, "troops", user=BORIS)):
        decision = decided(news(1, rule(1)), to=ANNAS, mutes=(other,))
        assert decision is not None
        assert decision.act == "send", other


def test_a_persons_mute_keeps_the_shared_post_and_withholds_the_mention() -> None:
    follows = tuple(Follow(user=user, destination=ROOM, topic="Troops") for user in (ANNA, BORIS))
    decision = decided(news(1, rule(1)), mutes=(mute(MuteKind.TOPIC, "troops", user=ANNA),), follows=follows)
    assert decision is not None
    assert decision.act == "send"
    assert decision.alert is not None
    assert decision.alert.mentions == (BORIS,)


def test_a_chats_mute_withholds_the_shared_post() -> None:
    decision = decided(news(1, rule(1)), mutes=(mute(MuteKind.TOPIC, "troops", destination=ROOM),))
    assert decision is not None
    assert decision.reason is Reason.MUTED


def test_a_mute_of_one_topic_leaves_the_other_rules() -> None:
    decision = decided(
        news(1, rule(1), rule(2, topic="moves")), to=ANNAS, mutes=(mute(MuteKind.TOPIC, "troops", user=ANNA),)
    )
    assert decision is not None
    assert decision.alert is not None
    assert decision.alert.rule_ids == ("r2",)


def test_a_story_that_is_muted_is_not_edited_either() -> None:
    muted = mute(MuteKind.STORY, "s", user=ANNA)
    for rules in ((rule(1),), ()):
        decision = decided(news(2, *rules, site="Wire"), to=ANNAS, alert=raised(), mutes=(muted,))
        assert decision is not None
        assert decision.act == "nothing"
