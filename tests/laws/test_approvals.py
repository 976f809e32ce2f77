"""Whatever happens to requests among fifty people: nobody signs their own, no stage is skipped or signed twice."""

from tests.laws.approvals_model import WRONGS, histories


def test_nobody_signs_their_own_request_and_no_stage_is_skipped_or_repeated() -> None:
    seen = histories(120)
    assert {
        "approve",
        "refuse",
        "send-back",
        "resubmit",
        "won",
        "entries",
        "hand-over",
        "Moved",
        "Hidden",
    } <= seen.keys()
    assert [seen[wrong] for wrong in WRONGS] == [0, 0, 0, 0]
