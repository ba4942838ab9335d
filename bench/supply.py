"""What kaohe is made of: the packages that it needs, their licences, and a bill of materials.

    .venv/bin/python -m bench.supply licences    of every package; 1 where one is not allowed
    .venv/bin/python -m bench.supply sbom        CycloneDX JSON of what is needed at run time

Licences are those that the installed packages state, hashes those of the lock. The same environment
gives the same bytes: there is no time and no random number in them.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.lock"
RULES = ROOT / "requirements" / "licences.toml"
OURSELVES, EXTRAS = "kaohe", ("scan", "dask")
_PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^ ;\\]+)[^\n]*\n((?:    --hash=[^\n]+\n?)+)", re.MULTILINE
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ID = r"\(*[A-Za-z0-9.+-]+\)*"
_SPDX = re.compile(rf"{_ID}(?: (?:AND|OR|WITH) {_ID})*")


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package: its name, version and licence, and which others it needs here."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        """The package's address among all packages of the world."""
        return f"pkg:pypi/{self.name}@{self.version}"


@cache
def rules() -> Mapping[str, Any]:
    """Return which licences are allowed, what other words for them mean, and the exceptions."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


def needed(name: str = OURSELVES, extras: Iterable[str] = EXTRAS) -> dict[str, Package]:
    """Return what a package needs to run in this environment, itself left out, by name."""
    asked: dict[str, frozenset[str]] = {}
    edges: dict[str, set[str]] = {}
    waiting = [(name, frozenset(extras))]
    while waiting:
        each, wanted = waiting.pop()
        if each in asked and wanted <= asked[each]:
            continue
        asked[each] = asked.get(each, frozenset()) | wanted
        found = _requirements(each, asked[each])
        edges[each] = {other for other, _ in found}
        waiting += found
    return {each: _package(each, edges[each]) for each in sorted(asked) if each != name}


def _requirements(name: str, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    parsed = map(Requirement, _about(name).get_all("Requires-Dist") or [])
    return [
        (canonicalize_name(each.name), frozenset(each.extras))
        for each in parsed
        if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in ("", *extras))
    ]


def installed() -> dict[str, Package]:
    """Return every package of the environment but our own, by name."""
    names = {canonicalize_name(each.name) for each in metadata.distributions()}
    return {name: _package(name) for name in sorted(names - {OURSELVES})}


def _package(name: str, needs: Iterable[str] = ()) -> Package:
    return Package(name, _about(name)["Version"], licence_of(name), tuple(sorted(needs)))


@cache
def _about(name: str) -> metadata.PackageMetadata:
    """Return what a package says of itself: to read it takes longer than all else here."""
    return metadata.metadata(name)


def licence_of(name: str) -> str:
    """Return a package's licence: by our exception, else as the package states it."""
    exception = rules()["exceptions"].get(name)
    return str(exception["licence"]) if exception else stated_licence(name)


def stated_licence(name: str) -> str:
    """Return what a package states: an SPDX expression where it can be told, else its words."""
    about, words = _about(name), rules()["words"]
    if expression := about.get("License-Expression"):
        return str(expression)
    written = next(iter((about.get("License") or "").strip().splitlines()), "")
    if written not in ("", "UNKNOWN"):
        return str(words.get(written, written))
    classes = {
        each.rpartition(" :: ")[2]
        for each in about.get_all("Classifier") or []
        if each.startswith("License :: ")
    }
    return " AND ".join(sorted(words.get(each, each) for each in classes)) or "unknown"


def named(licence: str) -> set[str]:
    """Return the licences that an expression names; what is no expression names itself."""
    if not _SPDX.fullmatch(licence):
        return {licence}
    return set(re.split(r" (?:AND|OR|WITH) |[()]", licence)) - {""}


def is_allowed(package: Package) -> bool:
    """Say whether a package has an exception or every licence that it names is allowed."""
    known = set(rules()["allowed"])
    return package.name in rules()["exceptions"] or named(package.licence) <= known


def bill() -> dict[str, Any]:
    """Return the bill of materials of what is needed at run time, as CycloneDX 1.6.

    Raises ValueError where the environment is not what the lock says.
    """
    packages, hashes = needed(), locked()
    for each in packages.values():
        if (each.name, each.version) not in hashes:
            raise ValueError(f"{each.name} {each.version} is not in {LOCK}: make setup")
    ours = f"pkg:pypi/{OURSELVES}@{metadata.version(OURSELVES)}"
    direct = {name for name, _ in _requirements(OURSELVES, frozenset(EXTRAS))}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": OURSELVES,
                "version": metadata.version(OURSELVES),
                "purl": ours,
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": each.purl,
                "name": each.name,
                "version": each.version,
                "hashes": [
                    {"alg": "SHA-256", "content": content}
                    for content in hashes[each.name, each.version]
                ],
                "licenses": [_stated(each.licence)],
                "purl": each.purl,
            }
            for each in packages.values()
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": [packages[name].purl for name in sorted(needs)]}
            for ref, needs in [(ours, direct), *((p.purl, set(p.needs)) for p in packages.values())]
        ],
    }


def _stated(licence: str) -> dict[str, Any]:
    """Return a licence as CycloneDX has it: by its id, an expression, or in words."""
    if not _SPDX.fullmatch(licence):
        return {"license": {"name": licence}}
    return {"license": {"id": licence}} if named(licence) == {licence} else {"expression": licence}


def locked() -> dict[tuple[str, str], list[str]]:
    """Return the SHA-256 of every file of every package of the lock, by name and version."""
    return {
        (canonicalize_name(name), version): sorted(_HASH.findall(hashes))
        for name, version, hashes in _PINNED.findall(LOCK.read_text(encoding="utf-8"))
    }


def print_licences() -> int:
    """Print every package with its licence and whether it is run; return 1 where one may not be."""
    run, packages = needed(), installed()
    for each in packages.values():
        where = "run" if each.name in run else "developers"
        mark = "" if is_allowed(each) else "  NOT ALLOWED"
        print(f"{each.name:32} {each.version:16} {where:11} {each.licence}{mark}")
    refused = [each.name for each in packages.values() if not is_allowed(each)]
    print(f"{len(packages)} packages, {len(run)} run; not allowed: {', '.join(refused) or 'none'}")
    return 1 if refused else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("licences", "sbom"))
    if parser.parse_args().what == "licences":
        return print_licences()
    print(json.dumps(bill(), indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
