"""Is the host of a link one of ours, or one that only looks like it?

>>> official = frozenset({"nguon.example", "id.gs1.org"})
>>> lookalike_of("nguon.example", official) is None
True
>>> lookalike_of("ngu0n.example", official), lookalike_of("nguon.example.win", official)
('nguon.example', 'nguon.example')
>>> lookalike_of("id.other.example", official) is None
True
"""

from functools import lru_cache

# Characters that are drawn alike in an address bar, and the letter each is taken for.
_DRAWN_ALIKE = str.maketrans("0135іоаеср", "olesioaecp")


@lru_cache(maxsize=1024)
def lookalike_of(host: str, official: frozenset[str]) -> str | None:
    """The official host that this one can be mistaken for, or None.

    Near means: the same when look-alike characters are folded, one edit away, or an official
    host followed by further labels.
    """
    host = host.lower()
    if host in official:
        return None
    for name in sorted(official):
        if (
            host.startswith(f"{name}.")
            or _skeleton(host) == _skeleton(name)
            or _one_edit(host, name)
        ):
            return name
    return None


def _skeleton(host: str) -> str:
    ascii_host = host
    if "xn--" in host:
        try:
            ascii_host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return host
    return ascii_host.translate(_DRAWN_ALIKE).replace("rn", "m").replace("vv", "w").replace("-", "")


def _one_edit(a: str, b: str) -> bool:
    """One character inserted, dropped, changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:])
    )
