"""The structure of an OFD document: its pages, what is drawn on each and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from common.refusal import refusal
from extract.files.package import Element, child, local
from extract.ofd.container import ROOT, OfdPackage, children, folder_of, text_of
from extract.ofd.numbers import Area, area
from extract.ofd.resources import Resources

A4 = Area(0.0, 0.0, 210.0, 297.0)
ORDER = {"Background": 0, "Body": 1, "Foreground": 2}


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something laid over a page: what it is, what it says, where it is drawn and how."""

    kind: str
    remark: str
    visible: bool
    boundary: Area
    appearance: Element


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page shows, in the order of drawing, and what lies over it.

    ``shown`` is the part of the page that is shown, where it is said (``ApplicationBox``). ``lost``
    counts templates and annotations that the file names and does not hold.
    """

    size: Area
    shown: Area | None
    layers: tuple[Element, ...]
    annotations: tuple[Annotation, ...]
    lost: int


@dataclass(slots=True)
class OfdDocument:
    """One document of a package; pages are read on demand.

    ``pages`` are identifiers and parts (None where the part is missing). ``folder`` is where
    locations in the document's main part begin.
    """

    package: OfdPackage
    root: Element
    folder: str
    resources: Resources = field(default_factory=Resources)
    pages: list[tuple[str, str | None]] = field(default_factory=list)
    templates: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    annotated: dict[str, list[str | None]] = field(default_factory=dict)
    size: Area = A4
    shown: Area | None = None

    def content(self, identifier: str, part: str) -> PageContent:
        """Return what a page shows; raise Refusal or ValueError where it is damaged."""
        page = self.package.tree(part)
        for location in children(page, "PageRes"):
            self.resources.read(self.package, text_of(location), folder_of(part))
        own = _size(child(page, "Area"))
        return PageContent(
            size=own or self.size,
            shown=_shown(child(page, "Area")) if own else self.shown,
            layers=tuple(self._layers(page)),
            annotations=tuple(self._annotations(identifier)),
            lost=sum(self._template(use)[0] is None for use in children(page, "Template"))
            + self.annotated.get(identifier, []).count(None),
        )

    def _template(self, use: Element) -> tuple[str | None, str]:
        return self.templates.get(use.get("TemplateID") or "", (None, ""))

    def _layers(self, page: Element) -> Iterator[Element]:
        """Yield the layers of a page and of its templates from the lowest to the highest."""
        found = [
            (ORDER.get(layer.get("Type") or "", 1), 1, layer)
            for layer in children(child(page, "Content"), "Layer")
        ]
        for use in children(page, "Template"):
            part, order = self._template(use)
            if part is None:
                continue
            rank = ORDER.get(use.get("ZOrder") or order, 0)
            tree = self.package.tree(part)
            layers = children(child(tree, "Content"), "Layer")
            found.extend((rank, 0, layer) for layer in layers)
        for _, _, layer in sorted(found, key=lambda each: each[:2]):
            yield layer

    def _annotations(self, identifier: str) -> Iterator[Annotation]:
        for part in filter(None, self.annotated.get(identifier, ())):
            found = self.package.optional(part, "")
            for annotation in children(found[1] if found else None, "Annot"):
                appearance = child(annotation, "Appearance")
                boundary = area(appearance.get("Boundary")) if appearance is not None else None
                if appearance is not None and boundary is not None:
                    yield Annotation(
                        kind=annotation.get("Subtype") or annotation.get("Type") or "",
                        remark=text_of(child(annotation, "Remark")) or "",
                        visible=annotation.get("Visible") != "false",
                        boundary=boundary,
                        appearance=appearance,
                    )


def open_documents(package: OfdPackage) -> list[OfdDocument]:
    """Return the documents of a package, which is nearly always one.

    Raises Refusal for a package whose main parts are missing or broken.
    """
    bodies = children(package.tree(ROOT), "DocBody")
    try:
        return [_open(package, text_of(child(body, "DocRoot"))) for body in bodies]
    except ValueError as error:
        raise refusal("extract.damaged.ofd", file=package.path.name) from error


def signature_lists(package: OfdPackage) -> Iterator[str]:
    """Yield where the lists of signatures of the package's documents lie."""
    for body in children(package.tree(ROOT), "DocBody"):
        if location := text_of(child(body, "Signatures")):
            yield location


def _open(package: OfdPackage, location: str | None) -> OfdDocument:
    part = package.locate(location, "") or (location or "Document.xml").lstrip("/")
    root = package.tree(part)
    document = OfdDocument(package, root, folder_of(part))
    if (common := child(root, "CommonData")) is not None:
        document.size = _size(child(common, "PageArea")) or A4
        document.shown = _shown(child(common, "PageArea"))
        for entry in common:
            _take_in(document, entry)
    for page in children(child(root, "Pages"), "Page"):
        found = package.locate(page.get("BaseLoc"), document.folder)
        document.pages.append((page.get("ID") or "", found))
    _find_annotations(document)
    return document


def _take_in(document: OfdDocument, entry: Element) -> None:
    """Take in what the document's common data say: a resource file, or a template page."""
    if local(entry) in ("PublicRes", "DocumentRes"):
        document.resources.read(document.package, text_of(entry), document.folder)
    elif local(entry) == "TemplatePage":
        found = document.package.locate(entry.get("BaseLoc"), document.folder)
        document.templates[entry.get("ID") or ""] = (found, entry.get("ZOrder") or "")


def _find_annotations(document: OfdDocument) -> None:
    package = document.package
    found = package.optional(text_of(child(document.root, "Annotations")), document.folder)
    if found is None:
        return
    part, root = found
    for page in children(root, "Page"):
        for location in children(page, "FileLoc"):
            name = package.locate(text_of(location), folder_of(part))
            document.annotated.setdefault(page.get("PageID") or "", []).append(name)


def _size(areas: Element | None) -> Area | None:
    """Return a page's size; None where it is not said, or is none."""
    size = area(text_of(child(areas, "PhysicalBox"))) if areas is not None else None
    return size if size is not None and min(size.width, size.height) > 0 else None


def _shown(areas: Element | None) -> Area | None:
    shown = area(text_of(child(areas, "ApplicationBox"))) if areas is not None else None
    return shown if shown is not None and min(shown.width, shown.height) > 0 else None
