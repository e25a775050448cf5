"""Values that are decided and recorded, over those of the files."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from infra.demo import STANDARDS
from shared.policy import MissingValue, Policy, RecordedValue

FUJIAN = "350924100000"


class TestWhatIsRecorded:
    """A division's decision stands at the division's place, and there before a file."""

    STANDARD = UUID("5f0e7f0a-0000-4000-8000-00000000000a")

    def policy(self, *values: RecordedValue) -> Policy:
        return Policy.load((STANDARDS,)).with_recorded(values)

    def recorded(self, fen: int, scope: str, valid_from: str = "2020-07-01") -> RecordedValue:
        return RecordedValue(
            name="standard_monthly_fen",
            programme="dibao",
            scope=scope,
            fen=fen,
            valid_from=date.fromisoformat(valid_from),
            standard_id=self.STANDARD,
        )

    def fen(self, policy: Policy, on: str, region: str = FUJIAN) -> int:
        return policy.at(region, "dibao", date.fromisoformat(on)).fen("standard_monthly_fen")

    def test_counts_from_its_day_until_the_next(self) -> None:
        policy = self.policy(
            self.recorded(700_00, FUJIAN[:6], "2021-01-01"), self.recorded(650_00, FUJIAN[:6])
        )
        days = ("2020-06-30", "2020-07-01", "2020-12-31", "2021-01-01")
        assert [self.fen(policy, day) for day in days] == [600_00, 650_00, 650_00, 700_00]

    def test_of_the_same_division_goes_before_the_file_and_of_a_wider_one_does_not(self) -> None:
        province, dayao = FUJIAN[:2], "532326100000"
        assert self.fen(self.policy(self.recorded(650_00, province)), "2020-07-01") == 650_00
        wider = self.policy(self.recorded(650_00, "53"))
        assert self.fen(wider, "2020-07-01", dayao) == 375_00

    def test_of_the_nearest_division_counts(self) -> None:
        policy = self.policy(self.recorded(640_00, FUJIAN[:2]), self.recorded(650_00, FUJIAN[:6]))
        assert self.fen(policy, "2020-07-01") == 650_00
        assert self.fen(policy, "2020-07-01", "350925100000") == 640_00

    def test_names_its_decision_and_leaves_the_version_as_it_was(self) -> None:
        policy = self.policy(self.recorded(650_00, FUJIAN[:6]))
        value = policy.value("standard_monthly_fen", FUJIAN, "dibao", date(2020, 7, 1))
        assert value.standard_id == self.STANDARD
        assert str(self.STANDARD) in value.source
        assert value.version == Policy.load((STANDARDS,)).version
        before = policy.value("standard_monthly_fen", FUJIAN, "dibao", date(2020, 6, 30))
        assert before.standard_id is None

    def test_of_another_programme_is_another(self) -> None:
        policy = self.policy(self.recorded(650_00, FUJIAN[:6]))
        with pytest.raises(MissingValue):
            policy.value("standard_monthly_fen", FUJIAN, "tekun", date(2020, 7, 1))

    def test_of_nothing_are_the_parameters_themselves(self) -> None:
        policy = Policy.load((STANDARDS,))
        assert policy.with_recorded(()) is policy
