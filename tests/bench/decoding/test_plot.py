import doctest
import xml.etree.ElementTree as ET

from bench.decoding import plot

RATES = {"ours": [1.0, 0.9, 0.0], "a & b": [1.0, 0.5, 0.0], "c": [0.8, 0.1, 0.0]}
DRAWN = plot.curves("low light", "share", [1, 0.2, 0.05], RATES)


def test_the_example_runs() -> None:
    assert doctest.testmod(plot).failed == 0


def test_a_plot_is_an_svg_with_a_curve_and_a_mark_of_its_own_for_each() -> None:
    root = ET.fromstring(DRAWN)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"low light", "ours", "a & b", "c", "0.05"} <= set(words)
    strokes = {element.get("stroke") for element in root.iter() if element.get("stroke-width")}
    assert len(strokes) == len(RATES)


def test_everything_read_is_at_the_top_and_nothing_at_the_foot() -> None:
    circles = ET.fromstring(DRAWN).iter("{http://www.w3.org/2000/svg}circle")
    heights = {float(mark.get("cx", "")): float(mark.get("cy", "")) for mark in circles}
    lines = [path.get("d", "") for path in ET.fromstring(DRAWN) if path.get("stroke") == "#ddd"]
    foot, *_, top = (float(line.split()[1].split("H")[0]) for line in lines)
    places = sorted(heights)
    assert heights[places[0]] == top
    assert heights[places[-1]] == foot


def test_the_same_figures_give_the_same_bytes_and_few() -> None:
    assert plot.curves("low light", "share", [1, 0.2, 0.05], RATES) == DRAWN
    assert len(DRAWN) < 6000
