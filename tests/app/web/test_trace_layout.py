"""Where the nodes of a trace stand."""

from app.web.trace_layout import Way, columns, rows


def ways(*pairs: str) -> list[Way]:
    return [Way(*pair.split(">")) for pair in pairs]


def test_a_node_stands_behind_everything_that_leads_to_it() -> None:
    placed = columns("a", ways("a>b", "b>c", "a>c", "c>d"))
    assert placed == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_goods_in_a_circle_have_a_place_all_the_same() -> None:
    placed = columns("a", ways("a>b", "b>c", "c>a"))
    assert set(placed) == {"a", "b", "c"}
    assert placed["a"] == 0


def test_the_nearest_come_first_so_that_what_is_cut_off_is_the_farthest() -> None:
    assert list(columns("m", ways("x>y", "y>m", "m>n")))[:3] == ["m", "y", "n"]


def test_a_node_stands_in_the_row_of_its_neighbour() -> None:
    told = ways("a>b1", "a>b2", "b1>z", "b2>y")
    found = rows(columns("a", told), told, str)
    assert (found["z"], found["y"]) == (found["b1"], found["b2"])
