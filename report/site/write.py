"""The whole site: an index by year, and for each document its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial

from markupsafe import Markup

from common.messages import message
from report.answers import answer_of
from report.doubts import Card
from report.marks import open_values
from report.rule_words import number
from report.site import departments as site_departments
from report.site import overviews as site_overviews
from report.site import tables as site_tables
from report.site.across import KeyPage
from report.site.charts import progress_chart, start, waterfall
from report.site.cover import changes, standing, status, trend
from report.site.extra import shown_of
from report.site.model import Edition, departments_of, indicator_page
from report.site.pages import Pages
from report.site.published import figures_of, with_before, write_state
from schemas.records.rows import IndicatorRow

#: The pages of a document that its head leads to: file and name.
SECTIONS = (
    ("index.html", "一览"),
    ("heat.html", "热力图"),
    ("departments.html", "部门报送"),
    ("progress.html", "进度"),
    ("stability.html", "名次稳定性"),
    ("assumptions.html", "计分约定"),
)

Tell = Callable[[int], None]


#: What a template shows, by name.
Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """What the first page shows of an edition: its figures in JSON's types, and its cover."""

    figures: dict[str, object]
    cover: str

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Told:
        """Return what :meth:`as_json` wrote; TypeError or KeyError where it is something else."""
        figures, cover = given["figures"], given["cover"]
        if not isinstance(figures, dict) or not isinstance(cover, str):
            raise TypeError(given)
        return cls(figures, cover)

    def as_json(self) -> dict[str, object]:
        """Return it in JSON's types."""
        return asdict(self)


def write_index(
    pages: Pages,
    told: Sequence[Told],
    last: Mapping[str, Mapping[str, object]],
    *,
    across: bool,
) -> None:
    """Write the first page and what the pages share, by what was told of each edition."""
    states = [with_before(each.figures, last) for each in told]
    write_state(pages.folder, states)
    pages.copy_assets()
    years = [
        {"cover": Markup(each.cover), "changes": changes(state)}
        for each, state in zip(told, states, strict=True)
    ]
    pages.write("index.html", "years.html", {"years": years, "across": across})


def write_across(pages: Pages, linked: Sequence[KeyPage]) -> None:
    """Write the pages of the same indicator over the years, if any is."""
    if linked:
        pages.write("across.html", "across.html", {"keys": linked})
    for key in linked:
        pages.write(key.page, "key.html", {"key": key})


def write_edition(
    pages: Pages, edition: Edition, editions: Sequence[Edition], tell: Tell, *, across: bool
) -> Told:
    """Write an edition's pages; return what the first page shows of it.

    Of the ``editions`` only folder and notice are looked at; ``across``: some indicator is known
    to be the same in two of them. ``tell`` is told how many of its :func:`page_count` are written.
    """
    for done, (path, template, own) in enumerate(_pages(edition), start=1):
        context = {**_common(edition, editions, path), "across": across, **own()}
        pages.write(f"{edition.folder}/{path}", template, context)
        tell(done)
    cover = pages.text("year.html", {"root": "", "year": _year(edition)})
    return Told(figures_of(edition.rows).as_json(), cover)


def page_count(edition: Edition) -> int:
    """Return how many pages an edition has; of targets only the entities are looked at."""
    return sum(1 for _ in _pages(edition))


def _year(edition: Edition) -> Context:
    return {
        "edition": edition,
        "groups": site_overviews.summary(edition),
        "trends": {entity: trend(edition, entity) for entity in edition.totals},
        "status": status(edition),
    }


def _common(edition: Edition, editions: Sequence[Edition], path: str) -> Context:
    return {
        "edition": edition,
        "editions": editions,
        "sections": SECTIONS,
        "here": path,
        "base": "../" * path.count("/"),
        "tables": site_tables,
        "departments_of": departments_of,
    }


def _pages(edition: Edition) -> Iterator[tuple[str, str, Callable[[], Context]]]:
    """Yield each page's path and template, and what makes that which it shows."""
    summary = cache(partial(site_departments.summary, edition))
    past = cache(partial(site_departments.past_due, edition))
    yield "index.html", "summary.html", partial(_summary, edition)
    yield "heat.html", "heat.html", lambda: {"bands": site_tables.bands(edition)}
    yield "progress.html", "progress.html", partial(_progress, edition)
    yield "stability.html", "stability.html", partial(_stability, edition)
    yield "assumptions.html", "assumptions.html", partial(_assumptions, edition)
    yield "departments.html", "departments.html", partial(_departments, edition, summary, past)
    for name in edition.departments:
        duties = partial(_department, edition, name, summary, past)
        yield edition.department_page(name), "department.html", duties
    for entity in edition.entities:
        yield edition.entity_page(entity), "entity.html", partial(_entity, edition, entity)
        yield edition.trace_page(entity), "traces.html", partial(_traces, edition, entity)
    for indicator in edition.indicators:
        path = indicator_page(indicator["serial_no"])
        yield path, "indicator.html", partial(_indicator, edition, indicator)


def _summary(edition: Edition) -> Context:
    return {
        "groups": site_overviews.summary(edition),
        "doubts": open_values(edition.rows["targets"]),
        "unsettled": standing(edition),
    }


def _departments(
    edition: Edition,
    summary: Callable[[str], site_departments.Department],
    past: Callable[[], bool],
) -> Context:
    return {"summaries": list(map(summary, edition.departments)), "past": past()}


def _department(
    edition: Edition,
    name: str,
    summary: Callable[[str], site_departments.Department],
    past: Callable[[], bool],
) -> Context:
    duties = site_departments.duties(edition, name)
    return {"summary": summary(name), "duties": duties, "past": past()}


def _progress(edition: Edition) -> Context:
    groups = site_overviews.progress(edition)
    charts = {
        course.entity: _progress_chart(course, group.ends)
        for group in groups
        for course in group.courses
        if course.dates
    }
    return {"groups": groups, "charts": charts}


def _progress_chart(course: site_overviews.Course, ends: tuple[float, float]) -> Markup:
    last = course.dates[-1]
    points, low, high = _said(last), last.points.least.text, last.points.most.text
    slots = {"entity": course.entity, "dates": len(course.dates)}
    label = message("report.chart.progress", points=points, low=low, high=high, **slots).zh
    return progress_chart(course.dates, ends, label)


def _said(card: Card) -> str:
    """Return the points of a sum for who cannot see a chart; none where they are of a part only."""
    given = card.points.given
    return str(given) if given.said else f"{given.text} 分{given.signs}"


def _stability(edition: Edition) -> Context:
    return {
        "groups": site_overviews.stability(edition),
        "draws": site_overviews.draws(edition),
    }


def _assumptions(edition: Edition) -> Context:
    return {
        "rules": site_overviews.assumed_rules(edition),
        "without": site_overviews.without_rule(edition),
        "shared": site_overviews.shared_groups(edition),
        "lower": site_overviews.assumed_directions(edition),
        "unclear": site_overviews.unknown_directions(edition),
        "doubts": site_overviews.doubts(edition),
        "notes": site_overviews.notes(edition),
        "expected": site_overviews.expected(edition),
        "widened": site_overviews.widened(edition),
    }


def _entity(edition: Edition, entity: str) -> Context:
    card = edition.totals.get(entity)
    context: Context = {"entity": entity, "card": card, "chart": "", "steps": [], "start": 0.0}
    if card is not None and (full := card.row["max_points"]):
        steps = site_tables.steps(edition, card, full)
        most, points = number(full), _said(card)
        label = message("report.chart.waterfall", entity=entity, most=most, points=points).zh
        context |= {"chart": waterfall(steps, label), "steps": steps, "start": start(steps)}
    lost = site_tables.lost(edition, entity)
    return context | {
        "extra": shown_of(edition.totals.values()),
        "headings": site_tables.headings(edition, entity),
        "lost": lost,
        "widest": max((each.gap for each in lost), default=1.0),
        "waiting": site_tables.waiting(edition, entity),
        "counts": site_tables.counts(edition, entity),
        "known": next(
            (row for row in edition.rows.get("entities", ()) if row["entity"] == entity), None
        ),
    }


def _traces(edition: Edition, entity: str) -> Context:
    """Return the answers to all appeals that the entity may make, as ``kaohe trace`` gives them."""
    found = []
    for indicator in edition.indicators:
        key = (indicator["serial_no"], entity)
        score = edition.scores.get(key)
        if score is not None and score.row["status"] != "not_assessed":
            counted = score.trace.counted()
            sample = any(each.actual and each.actual.sample for each in counted)
            answer = answer_of(edition.notice, edition.targets[key], score, edition.rows)
            found.append((answer, score.doubt, sample))
    return {"entity": entity, "answers": found}


def _indicator(edition: Edition, indicator: IndicatorRow) -> Context:
    serial_no = indicator["serial_no"]
    records = site_tables.targets_of(edition, indicator)
    before, after = site_tables.neighbours(edition, indicator)
    return {
        "indicator": indicator,
        "unclear": serial_no in edition.unclear,
        "records": records,
        "rules": site_tables.rules_of(records),
        "crops": edition.printed.crops.get(serial_no, ()),
        "printed": edition.printed.texts.get(serial_no, ()),
        "returns": edition.returns.get(serial_no, ()),
        "methods": site_tables.methods_of(edition, indicator, records),
        "milestones": [
            row for row in edition.rows.get("milestones", ()) if row["serial_no"] == serial_no
        ],
        "based": any(record.target["base_text"] for record in records),
        "before": before,
        "after": after,
    }
