"""When a member of a group finds that partitions are read by nobody."""

from __future__ import annotations

from shared.bus.kafka.group import OWN_PATIENCE, PATIENCE, Group, Partition, Readers

ALL: tuple[Partition, ...] = (("t", 0), ("t", 1))


def group(*, settled: bool = True, **shares: tuple[Partition, ...]) -> Group:
    return Group(settled, {}, shares)


def looks_until_it_leaves(seen: Group, *held: Partition) -> int:
    """After how many looks at the same the member ``own`` would leave; 0 for never."""
    readers = Readers("g")
    looks = (readers.are_missing(seen, ALL, "own", held) for _ in range(5 * PATIENCE))
    return next((number for number, leaves in enumerate(looks, start=1) if leaves), 0)


def test_a_partition_in_nobodys_share_is_missing_after_a_while() -> None:
    assert looks_until_it_leaves(group(own=ALL[:1]), *ALL[:1]) == PATIENCE


def test_an_own_share_that_was_never_handed_over_is_missing_sooner() -> None:
    assert looks_until_it_leaves(group(own=ALL)) == OWN_PATIENCE
    assert looks_until_it_leaves(group(own=ALL), *ALL[:1]) == OWN_PATIENCE


def test_who_was_put_out_of_the_group_joins_anew() -> None:
    assert looks_until_it_leaves(group(), *ALL) == OWN_PATIENCE
    assert looks_until_it_leaves(group(settled=False), *ALL) == OWN_PATIENCE
    assert looks_until_it_leaves(group(other=ALL), *ALL) == OWN_PATIENCE


def test_what_others_hold_is_theirs() -> None:
    assert looks_until_it_leaves(group(own=ALL[:1], other=ALL[1:]), *ALL[:1]) == 0


def test_while_the_group_shares_out_nothing_is_missing() -> None:
    assert looks_until_it_leaves(group(settled=False, own=ALL)) == 0


def test_a_look_at_which_all_is_well_begins_the_count_anew() -> None:
    readers = Readers("g")
    for _ in range(2):
        for _ in range(OWN_PATIENCE - 1):
            assert not readers.are_missing(group(own=ALL), ALL, "own", ())
        assert not readers.are_missing(group(own=ALL), ALL, "own", ALL)
