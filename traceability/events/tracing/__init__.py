"""Where goods came from and where they went: what was in what, what was made from what.

    events ──▶ containment, derivation, membership ──▶ trace

The three tables hold nothing that the events do not say. They are kept in the transaction that
captures an event (`upkeep`), and made anew by `nguon trace rebuild`.
"""
