"""Cells whose other reading would put a total right, likeliest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from common.messages import Message, message
from common.numbers import exact, same, show
from normalize.records.model import Record
from schemas.records.notice import Alternative

_MOST_SUSPECTS = 6  # that a finding lists
_MOST_FLAGGED = 3  # whose targets are flagged: more of them explain nothing


@dataclass(frozen=True, slots=True)
class Suspect:
    """One cell that may be misread: in words, and the targets (serial number, entity) it serves.

    ``readings`` are the points that it may mean, one an entity.
    """

    text: str
    targets: tuple[tuple[int, str], ...]
    readings: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Suspects:
    """What may explain a total: ``named`` is listed, ``targets`` are flagged where they are few."""

    named: tuple[Suspect, ...] = ()
    targets: tuple[tuple[int, str], ...] = ()

    @property
    def hint(self) -> str:
        """What is listed, in a Chinese sentence; empty where nothing is."""
        listed = "；".join(suspect.text for suspect in self.named)
        return message("normalize.misread_points.listed", listed=listed).zh if listed else ""

    @property
    def readings(self) -> tuple[Alternative, ...]:
        """The points that may be meant."""
        return tuple(reading for suspect in self.named for reading in suspect.readings)


def groups_of(records: Sequence[Record]) -> dict[int, list[Record]]:
    """Return the records of each weight group, by its first serial number."""
    groups: dict[int, list[Record]] = {}
    for record in records:
        groups.setdefault(record.weight.first_serial, []).append(record)
    return groups


def counts(members: Sequence[Record], entity: str) -> bool:
    """Tell whether a group's points count for an entity: where a member of it is assessed."""
    return any(member.counts_for(entity) for member in members)


def suspects(
    records: Sequence[Record], entity: str, missing: float, others: Mapping[str, float]
) -> Suspects:
    """Name the cells whose other reading would put an entity's total right, likeliest first.

    These are: an exception that a companion has and the entity lacks, though elsewhere they have
    theirs together; a number that one slip (a digit, a point) makes right, be it the entity's own
    or the base of all ``others`` (what each lacks to the common total); a doubtful number; and
    where none of these is found, a group that counts, or does not, by its signs alone.
    """
    groups = groups_of(records).values()
    lost = [pair for members in groups for pair in _lost(records, members, entity, missing)]
    found = [one for _, one in sorted(lost, key=lambda pair: (pair[0], pair[1].text))]
    for members in groups:
        found += _own_slip(members, entity, missing)
        found += _base_slip(members, missing, others)
        found += _doubtful(members, entity, missing)
    for members in groups if not found else ():
        found += _signs(members, entity, missing)
    return _listed(found)


def base_suspects(groups: Sequence[Sequence[Record]], missing: float) -> Suspects:
    """Name the groups whose points one slip makes right, where a heading's sum is not met."""
    found = []
    for members in groups:
        own, base = members[0].weight.reading.exceptions, members[0].weight.reading.base
        if base is not None and one_slip(base, base + missing):
            whole = _base_suspect(members, sorted(members[0].targets), base, base + missing)
            of_base = tuple(each for each in whole.readings if each.entity not in own)
            found.append(replace(whole, readings=of_base))
    return _listed(found)


def _listed(found: Sequence[Suspect]) -> Suspects:
    listed = {suspect.text: suspect for suspect in found}.values()
    few = len(listed) <= _MOST_FLAGGED
    targets = tuple(dict.fromkeys(t for s in listed for t in s.targets)) if few else ()
    return Suspects(tuple(listed)[:_MOST_SUSPECTS], targets)


def _suspect(
    members: Sequence[Record], entities: Collection[str], said: Message, points: float | None = None
) -> Suspect:
    """Return the suspect of one weight group; ``points`` are what it may mean for the entities."""
    meant = Alternative(said.zh, max_points=points, serial_no=members[0].weight.first_serial)
    serials = [member.indicator.serial_no for member in members]
    return Suspect(
        said.zh,
        tuple((serial_no, entity) for serial_no in serials for entity in entities),
        tuple(replace(meant, entity=entity) for entity in entities),
    )


def _misread(members: Sequence[Record], entity: str, printed: float, meant: float) -> Suspect:
    """Return an entity's points in a group as a suspect."""
    slots = {"whose": entity, "printed": printed, "meant": meant}
    said = message("normalize.misread_points.own", **_group(members), **slots)
    return _suspect(members, [entity], said, meant)


def _base_suspect(
    members: Sequence[Record], entities: Collection[str], printed: float, meant: float
) -> Suspect:
    """Return a group's base points as a suspect."""
    slots = {"printed": printed, "meant": meant}
    said = message("normalize.misread_points.base", **_group(members), **slots)
    return _suspect(members, entities, said, meant)


def _group(members: Sequence[Record]) -> dict[str, object]:
    """Return the slots that name a group: its first serial number and that indicator's name."""
    first = members[0]
    return {"serial_no": first.weight.first_serial, "indicator": first.indicator.indicator}


def _lost(
    records: Sequence[Record], members: Sequence[Record], entity: str, missing: float
) -> Iterator[tuple[int, Suspect]]:
    """Yield the exceptions of companions that an entity may have, too, by how often they are."""
    reading = members[0].weight.reading
    now = reading.of(entity)
    if now is None or entity in reading.exceptions or not counts(members, entity):
        return
    for other, value in reading.exceptions.items():
        if same(value - now, missing):
            slots = {"whose": entity, "printed": now, "meant": value, "companion": other}
            said = message("normalize.misread_points.companion", **_group(members), **slots)
            rank = -_companionship(records, entity, other)
            yield rank, _suspect(members, [entity], said, value)


def _companionship(records: Sequence[Record], entity: str, other: str) -> int:
    """Count the groups in which both entities have exceptions of their own."""
    readings = [members[0].weight.reading for members in groups_of(records).values()]
    return sum(entity in r.exceptions and other in r.exceptions for r in readings)


def _own_slip(members: Sequence[Record], entity: str, missing: float) -> Iterator[Suspect]:
    """Yield an entity's own points where one slip makes them right."""
    own = members[0].weight.reading.exceptions.get(entity)
    if own is not None and counts(members, entity) and one_slip(own, own + missing):
        yield _misread(members, entity, own, own + missing)


def _base_slip(
    members: Sequence[Record], missing: float, others: Mapping[str, float]
) -> Iterator[Suspect]:
    """Yield base points that one slip makes right, where they serve all entities of right total."""
    reading = members[0].weight.reading
    base = reading.base
    if base is None or not one_slip(base, base - missing):
        return
    served = {e for e in others if e not in reading.exceptions and counts(members, e)}
    right = {e for e, lacks in others.items() if same(lacks, 0.0)}
    if served and served == right:
        yield _base_suspect(members, sorted(served), base, base - missing)


def one_slip(printed: float, meant: float) -> bool:
    """Tell whether one digit or a decimal point misread makes one number the other."""
    if meant <= 0 or same(printed, meant):
        return False
    left, right = show(printed), show(meant)
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) == 1
    tenfold = any(same(printed, meant * times) for times in (10, 0.1))
    return tenfold or left.replace(".", "") == right.replace(".", "")


def _doubtful(members: Sequence[Record], entity: str, missing: float) -> Iterator[Suspect]:
    """Yield doubtful points of which another reading makes the total right."""
    reading = members[0].weight.reading
    now = reading.of(entity)
    if now is None or not counts(members, entity):
        return
    for text in (each.text for unsure in reading.doubts for each in unsure.alternatives):
        meant = exact(text)
        if meant is not None and same(meant - now, missing):
            yield _misread(members, entity, now, meant)


def _signs(members: Sequence[Record], entity: str, missing: float) -> Iterator[Suspect]:
    """Yield a group that makes the total right if it counts, or if it does not."""
    now = members[0].weight.reading.of(entity)
    counted = counts(members, entity)
    if now is None or not same(now, -missing if counted else missing):
        return
    said = message(
        "normalize.misread_points.not_assessed" if counted else "normalize.misread_points.assessed",
        **_group(members),
        whose=entity,
    )
    yield _suspect(members, [entity], said)
