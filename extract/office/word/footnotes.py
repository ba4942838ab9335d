"""Footnotes and endnotes: the number that is printed for each, and its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.files.package import Element, attribute, child, local
from extract.office.word.elements import children, value
from extract.office.word.numerals import shown

_LONGEST = 500
_KINDS = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}


@dataclass(slots=True)
class Footnotes:
    """The texts of a document's notes by kind and id, the form of their numbers, their count."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, root: Element) -> None:
        """Take the notes of a part (w:footnotes or w:endnotes)."""
        for note in children(root, ("footnote", "endnote")):
            if (attribute(note, "type") or "normal") == "normal":
                texts = (part.text or "" for part in note.iter() if local(part) == "t")
                text = "".join(texts).strip()[:_LONGEST]
                self.texts[local(note), attribute(note, "id") or ""] = text

    def settle(self, settings: Element) -> None:
        """Take the form of the numbers from a document's settings or the last section's."""
        for kind in _FORMS:
            own = value(child(settings, f"{kind}Pr"), "numFmt")
            if own:
                self.forms[kind] = own

    def mark(self, reference: Element, name: str) -> tuple[str, str] | None:
        """Return a reference's printed number ('' where its own sign follows) and its note.

        None is returned for a reference to no note.
        """
        kind = _KINDS[name]
        key = kind, attribute(reference, "id") or ""
        text = self.texts.get(key)
        if not text:
            return None
        custom = (attribute(reference, "customMarkFollows") or "0").lower()
        if custom in ("1", "true", "on"):
            return "", text
        if key not in self._numbers:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            form = self.forms.get(kind, _FORMS[kind])
            self._numbers[key] = shown(self._counts[kind], form) or str(self._counts[kind])
        return self._numbers[key], text
