"""One rule with its parameters, as it is applied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from schemas.vocabulary import word

Bands = tuple[tuple[float, float], ...]
Value = float | bool | str | Bands


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """What a rule's parameter may be: ``kind`` is ``number``, ``bool``, ``choice`` or ``bands``."""

    name: str
    kind: str = "number"
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def zh(self) -> str:
        """What the parameter is called in Chinese."""
        return word("parameter", self.name)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is applied: name, parameters complete, and where it comes from.

    ``origin`` is ``default`` or ``notice``; ``version`` and ``since`` are those of the edition
    or of the notice's rules, ``basis`` what those rest on.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...]
    origin: str
    version: str
    since: date
    basis: str

    def get(self, name: str) -> Value | None:
        """Return a parameter; None where the rule has none of this name."""
        return dict(self.parameters).get(name)

    def number(self, name: str, otherwise: float) -> float:
        """Return a numeric parameter, or ``otherwise`` where the rule has none of this name."""
        value = self.get(name)
        return float(value) if isinstance(value, (int, float)) else otherwise

    @property
    def cap(self) -> float:
        """The most that the attainment can be (1 for ``parts``, whose parts have their own)."""
        if self.bands:
            return max(fraction for _, fraction in self.bands)
        return self.number("cap", 1.0)

    @property
    def bands(self) -> Bands:
        """The bands by their lower ends; none but for the rule of that name."""
        bands = self.get("bands")
        return bands if isinstance(bands, tuple) else ()

    @property
    def zh(self) -> str:
        """The rule's name in Chinese."""
        return word("rule", self.name)

    @property
    def parameters_json(self) -> str:
        """The parameters as JSON text."""
        return json.dumps(dict(self.parameters), ensure_ascii=False)
