"""What every rule of scoring consists of; each is a module of :mod:`scoring.rules.methods`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scoring.model.columns import Flags, Floats, Ints
from scoring.rules.case import Case
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import Given, ParameterSpec

#: Parameters of several rules: what the attainment is at most and at least.
CAP = ParameterSpec("cap", minimum=0.0, maximum=10.0)
FLOOR = ParameterSpec("floor", minimum=-10.0, maximum=1.0)
#: Of whom rules that count with others take them: of the rank group (or not given), or of all that
#: the notice assesses, whatever groups it is ranked in.
AMONG = ParameterSpec("among", "choice", choices=("group", "all"), optional=True)
#: Parameter of every rule that counts with a value: below this completion rate nothing is given.
#: More than twice the target is no rate that a notice asks for, but a per cent (5 for 5 %).
THRESHOLD = ParameterSpec("threshold", minimum=0.0, maximum=2.0, optional=True)


def always(_parameters: Given) -> bool:
    """Tell of a rule with any parameters that it is so."""
    return True


def _alone(_parameters: Given) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Peers:
    """How a rule counts among others.

    ``counts`` tells by a rule's parameters whether it does. ``ends`` returns what rows attain at
    least and at most once so many more have handed in; ``replay`` does so for one line.
    """

    counts: Callable[[Given], bool] = _alone
    ends: Callable[[MethodRows, Floats, Ints], tuple[Floats, Floats]] | None = None
    replay: Callable[[Case, float, int], tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class Assumed:
    """Where a rule that nobody declared rests on what its defaults assume, of what is scored.

    ``tells`` says of which rows (with what they attain) another reading of the target's words might
    give another attainment; ``replay`` says so of one line.
    """

    tells: Callable[[MethodRows, Floats], Flags]
    replay: Callable[[Case, float], bool]


@dataclass(frozen=True, slots=True)
class WithoutBase:
    """From where to where a rule comes for want of last year's value, other than its own ends.

    ``ends`` says so of rows, NaN where a rule says nothing; ``replay`` of one line, None there.
    """

    ends: Callable[[MethodRows], tuple[Floats, Floats]]
    replay: Callable[[Case], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a rule counts.

    ``attain`` returns the attainment of many rows (NaN where something is missing) and where a
    returned value is impossible, if it may be. ``replay`` computes one line anew, None where it
    cannot be scored; ``explain`` returns the arithmetic of a scored line in Chinese.
    """

    attain: Callable[[MethodRows], tuple[Floats, Flags | None]]
    replay: Callable[[Case], float | None]
    explain: Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class Method:
    """One rule: what it counts with, its parameters, and how it counts.

    ``needs`` are the returned values it counts with, ``target`` tells whether it counts with the
    target's value. ``of_parts`` tells whether a part of a compound target may have it,
    ``directed`` whether it counts otherwise where less is better. ``awards``: a department gives
    the points itself, of a minus item those it takes. Two parameters that must ``differ``; of
    ``one_of`` just one stands, the first where none is given; ``needed_with`` is a parameter, its
    value, and another parameter that must be given then; ``base``: it counts with last year's
    value; ``of_year`` tells by its parameters whether it counts with figures of the whole year
    beside the target's; ``peers``: how it counts among others; ``assumed``: where its defaults are
    no more than an assumption; ``without_base``: what it comes to where only last year's value is
    missing. ``arithmetic`` is None where lines are not counted by themselves but
    put together from their parts. Defaults of parameters stand in ``data/rules.toml``, the words of
    rules and parameters in ``schemas/vocabulary.toml``.
    """

    needs: tuple[str, ...]
    target: bool
    parameters: tuple[ParameterSpec, ...]
    arithmetic: Arithmetic | None
    of_parts: bool = True
    directed: bool = False
    differ: tuple[str, str] | None = None
    one_of: tuple[str, ...] = ()
    needed_with: tuple[str, str, str] | None = None
    of_year: Callable[[Given], bool] = _alone
    base: bool = False
    peers: Peers = field(default_factory=Peers)
    assumed: Assumed | None = None
    without_base: WithoutBase | None = None
    awards: bool = False

    @property
    def all_parameters(self) -> tuple[ParameterSpec, ...]:
        """The rule's own parameters, and those of every rule that counts with a value."""
        counts = "actual_value" in self.needs
        return (*self.parameters, THRESHOLD) if counts else self.parameters
