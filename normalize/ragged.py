"""The columns of a table whose text went through a conversion."""

from __future__ import annotations

from collections.abc import Sequence

from normalize.chains import Chain, Part
from normalize.grid import Column, Doubt, Role
from normalize.header import matrix, role_by_name
from normalize.roles import assign_roles
from normalize.text import fold


def ragged_columns(chain: Chain) -> tuple[tuple[Column, ...], tuple[Doubt, ...]]:
    """Return the logical columns of a chain of converted tables, and doubts about them.

    A conversion leaves blanks in the header, in a different place on each page. Names count, not
    places; where some page's header is wider than its names, the deepest level was printed as two
    columns.
    """
    named = _fullest(chain)
    paths = [path for path in named if path]
    wider = any(len(part.header.paths) > len(paths) for part in chain.parts if part.header)
    levels = [i for i, path in enumerate(paths) if role_by_name(path[-1]) is Role.LEVEL]
    if wider and levels:
        paths.insert(levels[-1] + 1, paths[levels[-1]])
    roles = assign_roles(paths, [_texts_under(chain, path) for path in paths])
    return roles.columns, roles.doubts


def _fullest(chain: Chain) -> Sequence[tuple[str, ...]]:
    headers = [part.header.paths for part in chain.parts if part.header]
    return max(headers, key=lambda paths: sum(bool(path) for path in paths))


def _texts_under(chain: Chain, path: tuple[str, ...]) -> list[str]:
    return [text for part in chain.parts for text in _texts_of_part(part, path)]


def _texts_of_part(part: Part, path: tuple[str, ...]) -> list[str]:
    paths = part.header.paths if part.header else ()
    at = [i for i, other in enumerate(paths) if other and fold(other[-1]) == fold(path[-1])]
    rows = matrix(part.table)[part.body_start :]
    return [cell.text for row in rows for i in at if (cell := row[i]) is not None]
