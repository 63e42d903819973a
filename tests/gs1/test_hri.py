from gs1 import hri, parse_element_strings


def test_a_line_an_element_string_with_titles_where_there_are_any():
    elements = parse_element_strings("(01)09520123456788(8110)012345612345611110123")
    assert hri.lines(elements) == ("(01) 09520123456788", "(8110) 012345612345611110123")
    assert hri.lines(elements, titles=True)[0] == "GTIN (01) 09520123456788"
    assert hri.lines(elements, titles=True)[1] == "(8110) 012345612345611110123"
