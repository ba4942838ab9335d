"""Formulas that converters write in LaTeX are read as what they show."""

from __future__ import annotations

from pathlib import Path

from extract.read import read_document
from extract.text.latex import shown
from tests.support.for_each import for_each


@for_each(
    "written, seen",
    [
        (r"$\leq 12.6$", "≤12.6"),
        (r"$\geqslant 90\%$ 以上", "≥90% 以上"),
        (r"\(\geq 90\%\)", "≥90%"),
        (r"$$\ge 3$$", "≥3"),
        (r"\leq 5", "≤5"),
        (r"$12.6\%$", "12.6%"),
        (r"12\\leq", r"12\\leq"),
        (r"$\frac{1}{2}$", "1/2"),
        (r"$\dfrac{3}{4}$", "3/4"),
        (r"$\text{控制在}5\%$", "控制在5%"),
        (r"$PM_{2.5}$", "PM2.5"),
        (r"15.2\textsuperscript{2}", "15.2²"),
        (r"15.2\textsuperscript{①}亿元", "15.2⁽①⁾亿元"),
        (r"CO\textsubscript{2}\textbf{减排}", "CO2减排"),
        (r"$10^{4}$万元", "10⁴万元"),
        (r"$3\,000$", "3000"),
        (r"$5\sim 7\%$", "5~7%"),
        (r"$5 ~ 7 \%$", "5~7%"),
        (r"$1 0 0 \mathrm { ~ m ^ { 2 } }$", "100m²"),
        (r"$1 ^ { [ 7 ] }$", "1⁽⁷⁾"),
        ("$95.5$", "95.5"),
        (r"$1 2 . 6 \%$", "12.6%"),
        (r"$1 0 ^ { 4 }$ 吨", "10⁴ 吨"),
        (r"$5200^{[1]}$", "5200⁽¹⁾"),
        (r"5200$^{①}$", "5200⁽①⁾"),
        (r"$8^{注}$", "8⁽注⁾"),
        (r"$\mathrm { m } ^ { 2 }$", "m²"),
        (r"${\rm km}^{2}$", "km²"),
        (r"$\mu\mathrm{g}/\mathrm{m}^3$", "μg/m³"),
        (r"$\mathrm{CO}_{2}$", "CO2"),
        (r"$25^{\circ}\mathrm{C}$", "25°C"),
        (r"$\leqslant 0.9\text{‰}$", "≤0.9‰"),
        (r"$\textless 5$", "<5"),
        (r"$2\frac{1}{2}$", "2 1/2"),
        # what no table knows, and what is no formula, stays as it is
        (r"$\sqrt{2}$", r"$\sqrt{2}$"),
        ("投资$5亿，增$6亿", "投资$5亿，增$6亿"),
        ("$5-$6", "$5-$6"),
        (r"a\|b", r"a\|b"),
    ],
)
def test_a_formula_is_what_it_shows(written: str, seen: str) -> None:
    assert shown(written) == seen
    assert shown(seen) == seen


def test_cells_of_a_converted_table_hold_what_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "notice.md"
    file.write_text("| 指标 | 甲县 |\n|---|---|\n| 起数 | $\\leq 2$ |\n| 率 | 12.6\\% |\n", "utf-8")
    texts = [cell.text for cell in read_document(file).tables[0].cells]
    assert texts == ["指标", "甲县", "起数", "≤2", "率", "12.6%"]
