"""A population that looks serial numbers up: honest people, and the buyers of copied codes.

Time is in hours. A look is one public scan: when, by which device, where. A device is an address
on the network, as for the service: everybody on the Wi-Fi of a home or shop is one, a phone on
mobile data gets another address each time, and some carriers put many phones behind one. A phone
shows the mark that its browser or application keeps; a browser that keeps nothing gets a new one
with each look, an application that keeps nothing shows none and is known by its address alone.

What is assumed of each unit that is looked up at all (`Setting`, "usual"; a market of packaged
food, herbs and cosmetics; every share is ours, stated so that it can be doubted):

- The buyer looks once; 15% look again, some days later, and again with the same chance. 60% of
  looks at home are on the home's Wi-Fi. 15% of all looks are repeated within ten minutes, from the
  same address: a page is loaded again.
- 5% of units are shown round a household: one member looks within the evening, and another one
  with a chance of 30%, and so on.
- 3% of units were looked up on the shelf by somebody who left them there, each followed by
  another with a chance of 15%; a fifth of them are on the shop's Wi-Fi.
- 2% are given or sold on, half of them to another province; the next holder may do so again.
- Shop staff without an account look at 1% of units on 1 to 6 days, from the shop's address.
- 0.3% of buyers send a picture of the code to 1 or 2 others, who look within an hour wherever
  they are: the same code in two distant places at once, with nobody to blame.
- 0.3% of buyers fly: they look before and after, hundreds of kilometres apart.
- One unit in 10,000 is a display sample with 20 to 80 lookers; 95% of those are listed as such.
- 30% of looks come from an application that sends position and province (the web page sends
  neither). Accuracy is 5 to 100 m for most, up to 100 km for one in ten; 0.5% are an old position,
  somewhere else in the country and claimed to be exact.
- A third of mobile looks come through shared addresses, of which a region has 64.

A clone is a unit that carries the code of another. Its buyer does all of the above. One code is
put on 20 to 1,000 units, sold over 20 to 120 days in 2 to 8 provinces; half of the genuine units
whose code was copied are looked up too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

# Code, latitude, longitude, weight: centres of people, and the provinces that they are in.
_PROVINCES = (
    ("01", 21.03, 105.85, 20), ("79", 10.78, 106.70, 26), ("48", 16.07, 108.22, 7),
    ("31", 20.86, 106.68, 8), ("92", 10.03, 105.78, 6), ("51", 15.12, 108.80, 5),
    ("52", 13.98, 108.00, 4), ("66", 12.67, 108.04, 5), ("40", 18.67, 105.69, 6),
    ("38", 19.81, 105.78, 6), ("68", 11.94, 108.44, 3), ("75", 10.95, 106.82, 4),
)  # fmt: skip
_WEIGHTS = [weight for *_, weight in _PROVINCES]
_DAY = 24.0


class Position(NamedTuple):
    area_code: str
    latitude: float
    longitude: float
    accuracy_m: float


class Look(NamedTuple):
    at: float
    """Hours since the unit was made."""
    device: str
    """The address on the network."""
    phone: str | None
    """The mark that it shows; None for an application without one."""
    position: Position | None
    staff: bool = False
    """By somebody with an account: the service does not count it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Shares of units, unless said otherwise."""

    name: str
    again: float = 0.15
    household: float = 0.05
    next_member: float = 0.30
    shelf: float = 0.03
    next_on_shelf: float = 0.15
    passed_on: float = 0.02
    staff_days: float = 0.01
    pictures: float = 0.003
    flights: float = 0.003
    samples: float = 0.0001
    listed: float = 0.95
    """Display samples."""
    accounts: float = 0.05
    """Looked at by staff or an inspector with an account."""
    keeping: float = 0.80
    """Phones that keep the mark of their device."""
    marked: bool = True
    """Applications show the mark; pages do in any case."""
    viral: float = 0.0
    """Units of which a picture goes round the country: 30 to 300 looks."""
    located: float = 0.30
    """Looks with a position."""
    wrong_position: float = 0.005
    """Positions."""
    home_wifi: float = 0.60
    shared: float = 0.33
    """Looks on mobile data that come through a shared address."""
    pool: int = 64
    """Shared addresses of a region."""
    reloaded: float = 0.15
    """Looks."""


USUAL = Setting("usual")
SETTINGS = (
    USUAL,
    replace(USUAL, name="few applications", located=0.05),
    replace(USUAL, name="all with position", located=0.95),
    replace(USUAL, name="unmarked applications", marked=False),
    replace(USUAL, name="crowded networks", shared=0.80, pool=16),
    replace(
        USUAL, name="large families", household=0.12, next_member=0.6, shelf=0.06,
        next_on_shelf=0.25, passed_on=0.04, pictures=0.01,
    ),
    replace(
        USUAL, name="hard", again=0.25, household=0.25, next_member=0.6, shelf=0.20,
        next_on_shelf=0.35, passed_on=0.10, pictures=0.03, wrong_position=0.02, samples=0.0003,
        listed=0.8, viral=0.00002, home_wifi=0.40,
    ),
)  # fmt: skip


class Unit(NamedTuple):
    """A code and its looks in the order of time."""

    looks: list[Look]
    sample: bool
    """Listed as a display sample."""
    clones_at: tuple[float, ...] = ()
    """First looks at the copies, in the order of time; empty for an honest code."""


class Population:
    """Makes units of one setting from one seed."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting, self.rng = setting, Random(f"{setting.name}-{seed}")
        self._numbers = 0

    def honest(self) -> Unit:
        rng, setting = self.rng, self.setting
        chance = rng.random()
        if chance < setting.samples:
            return Unit(self._shown(self._sample()), rng.random() < setting.listed)
        looks = sorted(self._holder(rng.uniform(0, 60) * _DAY, self._place()))
        if chance > 1 - setting.viral:
            looks += self._viral(looks[-1].at)
        return Unit(self._shown(looks), sample=False)

    def cloned(self, scanned: int) -> Unit:
        """A copied code up to its `scanned` copies that were looked up first."""
        rng = self.rng
        days, copies = rng.uniform(20, 120), rng.choice((20, 50, 200, 1000))
        markets = [self._place() for _ in range(rng.randint(2, 8))]
        # Of a batch with a tenth looked at or more, the first few follow each other accordingly.
        looked_at = max(scanned, round(copies * rng.uniform(0.1, 0.4)))
        times = sorted(rng.uniform(0, days) * _DAY for _ in range(looked_at))[:scanned]
        looks, firsts = [], []
        for at in times:
            of_one = sorted(self._holder(at, rng.choice(markets)))
            firsts.append(of_one[0].at)
            looks += of_one
        if rng.random() < 0.5:
            looks += self._holder(rng.uniform(0, days) * _DAY, self._place())
        return Unit(self._shown(looks), sample=False, clones_at=tuple(sorted(firsts)))

    def _shown(self, looks: Iterable[Look]) -> list[Look]:
        """As the service sees them: some twice, and each with the mark that is shown."""
        shown = []
        for look in looks:
            shown.append(self._marked(look))
            if self.rng.random() < self.setting.reloaded:
                again = look.at + self.rng.uniform(0.005, 0.17)
                shown.append(self._marked(look._replace(at=again)))
        return sorted(shown)

    def _marked(self, look: Look) -> Look:
        if look.position:
            return look if self.setting.marked else look._replace(phone=None)
        return look if look.phone else look._replace(phone=self._new())

    # -- People ----------------------------------------------------------------------------------

    def _holder(self, at: float, place: int) -> Iterator[Look]:
        """All looks that one unit gets, from the shelf on; it is bought at about `at`."""
        rng, setting = self.rng, self.setting
        shop, home, phone = self._new(), self._new(), self._phone()
        if rng.random() < setting.shelf:
            yield from self._shelf(at, place, shop)
        if rng.random() < setting.staff_days:
            clerk = self._phone()
            for day in range(rng.randint(1, 6)):
                yield self._look(at - 1 - day * _DAY, place, shop, clerk)
        if rng.random() < setting.accounts:
            yield self._look(at - rng.uniform(0, 72), place, "user:1", None)._replace(staff=True)
        yield self._at_home(at, place, home, phone)
        later = at
        while rng.random() < setting.again:
            later += rng.uniform(0.1, 20) * _DAY
            yield self._at_home(later, place, home, phone)
        if rng.random() < setting.household:
            evening = at + rng.uniform(0, 48)
            more = 0.0
            while more < setting.next_member:
                yield self._at_home(evening + rng.uniform(0, 3), place, home, self._phone())
                more = rng.random()
        if rng.random() < setting.pictures:
            for _ in range(rng.randint(1, 2)):
                yield self._elsewhere(at + rng.uniform(0, 1))
        if rng.random() < setting.flights:
            there = self._place()
            yield self._look(at + rng.uniform(2.5, 8), there, self._mobile(there), phone)
        if rng.random() < setting.passed_on:
            there = self._place() if rng.random() < 0.5 else place
            yield from self._holder(later + rng.uniform(1, 30) * _DAY, there)

    def _shelf(self, at: float, place: int, shop: str) -> Iterator[Look]:
        rng, before = self.rng, at
        while True:
            before -= rng.uniform(0.1, 100)
            device = shop if rng.random() < 0.2 else self._mobile(place)
            yield self._look(before, place, device, self._phone())
            if rng.random() >= self.setting.next_on_shelf:
                return

    def _sample(self) -> Iterator[Look]:
        place = self._place()
        for _ in range(self.rng.randint(20, 80)):
            at = self.rng.uniform(0, 60) * _DAY
            yield self._look(at, place, self._mobile(place), self._phone())

    def _viral(self, since: float) -> list[Look]:
        how_many = self.rng.randint(30, 300)
        return sorted(
            self._elsewhere(since + self.rng.expovariate(1 / _DAY)) for _ in range(how_many)
        )

    # -- Networks and places ---------------------------------------------------------------------

    def _at_home(self, at: float, place: int, home: str, phone: str | None) -> Look:
        on_wifi = self.rng.random() < self.setting.home_wifi
        return self._look(at, place, home if on_wifi else self._mobile(place), phone)

    def _elsewhere(self, at: float) -> Look:
        """Somebody somewhere in the country."""
        place = self._place()
        return self._look(at, place, self._mobile(place), self._phone())

    def _look(self, at: float, place: int, device: str, phone: str | None) -> Look:
        located = self.rng.random() < self.setting.located
        return Look(at, device, phone, self._position(place) if located else None)

    def _position(self, place: int) -> Position:
        rng = self.rng
        wrong = rng.random() < self.setting.wrong_position
        area_code, latitude, longitude, _ = _PROVINCES[self._place() if wrong else place]
        coarse = rng.random() < 0.1 and not wrong
        accuracy = rng.uniform(500, 100_000) if coarse else rng.uniform(5, 100)
        spread = 0.15 + (accuracy / 222_000 if coarse else 0)  # degrees: a province, and the error
        return Position(
            area_code, rng.gauss(latitude, spread), rng.gauss(longitude, spread), accuracy
        )

    def _place(self) -> int:
        return self.rng.choices(range(len(_PROVINCES)), _WEIGHTS)[0]

    def _mobile(self, place: int) -> str:
        """An address on mobile data: one of the region's shared ones, or a fresh one."""
        rng = self.rng
        if rng.random() < self.setting.shared:
            return f"shared:{place}:{rng.randrange(self.setting.pool)}"
        return self._new()

    def _phone(self) -> str | None:
        """A further phone; None where its browser keeps nothing."""
        return self._new() if self.rng.random() < self.setting.keeping else None

    def _new(self) -> str:
        self._numbers += 1
        return f"device:{self._numbers}"
