"""Writes OFD packages (GB/T 33190): parts by name, pages of objects. Lengths in millimetres."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
FONTS = '<ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts>'
_DAY = (2020, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class OfdFile:
    """A package in the making. ``pages`` hold their objects' XML, ``size`` is width and height.

    ``common`` is added to CommonData, ``document`` to Document, ``body`` to DocBody, ``resources``
    to the document's resources; ``templates`` are the XML of objects by identifier, each used on
    every page in its order; ``parts`` are further parts, or others instead of those written.
    """

    size: tuple[float, float] = (210.0, 297.0)
    pages: list[list[str]] = field(default_factory=list)
    common: str = ""
    document: str = ""
    body: str = ""
    resources: str = ""
    templates: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    parts: dict[str, bytes | str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write the package; the same one gives the same bytes."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.written().items():
                package.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
        return path

    def written(self) -> dict[str, bytes | str]:
        """Return all parts."""
        return self._own() | self.parts

    def _own(self) -> dict[str, bytes | str]:
        pages = range(len(self.pages))
        listed = "".join(
            f'<ofd:Page ID="{100 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in pages
        )
        templates = "".join(
            f'<ofd:TemplatePage ID="{name}" BaseLoc="Tpls/{name}/Content.xml" ZOrder="{order}"/>'
            for name, (order, _) in self.templates.items()
        )
        width, height = self.size
        return {
            "OFD.xml": element(
                "OFD",
                f"<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{self.body}"
                "</ofd:DocBody>",
                'Version="1.0" DocType="OFD"',
            ),
            "Doc_0/Document.xml": element(
                "Document",
                f"<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 {width} {height}"
                "</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml"
                f"</ofd:DocumentRes>{templates}{self.common}</ofd:CommonData>"
                f"<ofd:Pages>{listed}</ofd:Pages>{self.document}",
            ),
            "Doc_0/DocumentRes.xml": element("Res", FONTS + self.resources, 'BaseLoc="Res"'),
            **{
                f"Doc_0/Tpls/{name}/Content.xml": page_part(objects)
                for name, (_, objects) in self.templates.items()
            },
            **{
                f"Doc_0/Pages/Page_{n}/Content.xml": page_part(self.pages[n], self.templates)
                for n in pages
            },
        }


def element(name: str, content: str, attributes: str = "") -> str:
    """Return a part of one element."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:{name} {NAMESPACE} {attributes}>'
        f"{content}</ofd:{name}>"
    )


def page_part(objects: Iterable[str], templates: Iterable[str] = ()) -> str:
    """Return a page's part: its templates, and one layer of objects."""
    used = "".join(f'<ofd:Template TemplateID="{name}"/>' for name in templates)
    layer = f'<ofd:Content><ofd:Layer ID="9">{"".join(objects)}</ofd:Layer></ofd:Content>'
    return element("Page", used + layer)


def text_object(
    text: str,
    at: tuple[float, float],
    size: float,
    steps: Sequence[float] = (),
    traits: Mapping[str, str] | None = None,
    *,
    inside: str = "",
    code: str = "",
) -> str:
    """Return a text object whose baseline begins at a place.

    ``steps`` are the distances from each character to the next, ``traits`` further attributes,
    ``inside`` further children; ``code`` stands for the whole TextCode.
    """
    x, y = at
    reach = sum(steps) + size * 2
    boundary = f"{n(x)} {n(y - size)} {n(reach)} {n(size * 1.4)}"
    deltas = f' DeltaX="{" ".join(map(n, steps))}"' if steps else ""
    code = code or f'<ofd:TextCode X="0" Y="{n(size)}"{deltas}>{escape(text)}</ofd:TextCode>'
    own = {"Boundary": boundary, "Font": "3", "Size": n(size)} | dict(traits or {})
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in own.items())
    return f'<ofd:TextObject ID="5" {written}>{inside}{code}</ofd:TextObject>'


def path_object(
    data: str, box: Sequence[float], traits: Mapping[str, str] | None = None, inside: str = ""
) -> str:
    """Return a path object; ``box`` is its boundary, ``data`` is drawn from the box's corner."""
    own = {"Boundary": " ".join(map(n, box))} | dict(traits or {})
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in own.items())
    return (
        f'<ofd:PathObject ID="6" {written}>{inside}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def n(value: float) -> str:
    """Return a number as it is written."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
