"""Read Word documents of one XML file, of Word 2003 or flat, as the .docx that they stand for.

A flat one holds a package's parts one after the other. What Word 2003 wrote names nearly everything
as .docx does. LibreOffice loses cells merged downwards of the one, and all tables of the other.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from common.files import sha256_of
from common.refusal import refusal
from extract.files.kinds import Kind
from extract.files.package import Element, attribute, child, local
from extract.office.docx import read_docx
from schemas.records.document import Document

_W = "http://schemas.microsoft.com/office/word/2003/wordml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DELETED = "Word.Deletion"
_MAIN, _STYLES = "word/document.xml", "word/styles.xml"


def read_word_xml(path: Path) -> Document:
    """Return the document in a Word file that is one XML file. Raises ``Refusal``."""
    root = _tree(path)
    parts = _flat_parts(root) if local(root) == "package" else _parts_of_2003(root)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
            for name, content in parts:
                package.writestr(name, content)
        document = read_docx(made)
    return replace(document, source_format=Kind.WORDML.value, source_sha256=sha256_of(path))


def _tree(path: Path) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise refusal(
            "extract.damaged.part", file=path.name, part=path.name, reason=error
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusal("extract.xml_entities.office", file=path.name, part=path.name)
    return root


def _flat_parts(root: Element) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each part of XML in a flat package, each once."""
    seen = set()
    for part in root:
        name, held = (attribute(part, "name") or "").lstrip("/"), child(part, "xmlData")
        if held is not None and len(held) and name and name not in seen:
            seen.add(name)
            yield name, etree.tostring(held[0], with_tail=False)


def _parts_of_2003(root: Element) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a .docx with the body and the styles of a document of Word 2003."""
    body = child(root, "body")
    main = etree.Element(f"{{{_W}}}document")
    if body is not None:
        _as_of_today(body)
        main.append(body)
    yield _MAIN, etree.tostring(main)
    yield "_rels/.rels", _relation("officeDocument", _MAIN)
    if (styles := child(root, "styles")) is not None:
        yield _STYLES, etree.tostring(styles, with_tail=False)
        yield "word/_rels/document.xml.rels", _relation("styles", "styles.xml")


def _relation(kind: str, target: str) -> bytes:
    return (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_TYPES}/{kind}"'
        f' Target="{target}"/></Relationships>'
    ).encode()


def _as_of_today(body: Element) -> None:
    """Name what Word 2003 named otherwise, and take away what it wraps paragraphs in."""
    for number in [*body.iter(f"{{{_W}}}listPr")]:
        _print_number(number)
    for merged in [*body.iter(f"{{{_W}}}vmerge")]:
        merged.tag = f"{{{_W}}}vMerge"
    wrappers = [part for part in body.iter() if local(part) and etree.QName(part).namespace != _W]
    for part in reversed(wrappers):
        parent = part.getparent()
        if parent is None:
            continue
        place = parent.index(part)
        inner = (
            [] if attribute(part, "type") == _DELETED else [each for each in part if local(each)]
        )
        parent[place : place + 1] = inner


def _print_number(properties: Element) -> None:
    """Write the number of a list's item, which Word 2003 keeps as text, into its paragraph."""
    text = child(properties, "t")
    paragraph = next(properties.iterancestors(f"{{{_W}}}p"), None)
    shown = attribute(text, "val") if text is not None else None
    if paragraph is None or not shown:
        return
    run = etree.Element(f"{{{_W}}}r")
    etree.SubElement(run, f"{{{_W}}}t").text = shown
    first = 1 if len(paragraph) and local(paragraph[0]) == "pPr" else 0
    paragraph.insert(first, run)
