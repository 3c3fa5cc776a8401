"""What the demo says of one event under two contracts."""

from deploy.demo.two_contracts import told


def test_one_event_has_two_lawful_views() -> None:
    assert list(told()) == [
        "  the contract that permits all  P1: 2024-05-16, Ostrander, OR, 1 device",
        "  the contract that permits all  P2: 2024, OR, 970, 1 device",
        "  the contract that permits less P1: 2024, OR",
        "  the contract that permits less P2: nothing",
    ]
