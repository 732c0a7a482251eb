"""The sealed secrets of workspaces."""

from bot.ports import Store


def test_a_sealed_secret_for_each_workspace(store: Store) -> None:
    store.keep_sealed("slack", "T1", "old")
    store.keep_sealed("slack", "T1", "new")
    store.keep_sealed("slack", "T2", "two")
    store.keep_sealed("other", "T1", "x")
    assert store.sealed("slack") == {"T1": "new", "T2": "two"}
    store.forget_workspace("slack", "T1")
    assert store.sealed("slack") == {"T2": "two"}
    assert (store.drop_sealed("slack"), store.drop_sealed("slack")) == (1, 0)
    assert (store.sealed("slack"), store.sealed("other")) == ({}, {"T1": "x"})
