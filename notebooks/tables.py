"""A first look at the tables: what landed, who must reach what, how it stands, what to doubt.

A marimo notebook, and a plain Python file. In the project's folder, after ``make demo``::

    .venv/bin/marimo edit notebooks/tables.py     # with a browser, to try things out
    .venv/bin/python notebooks/tables.py          # runs it through, prints nothing

``KAOHE_WAREHOUSE`` names another folder of tables. Nothing is written to it.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")

with app.setup:
    import html
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo
    import pandas as pd
    import pyarrow.parquet as pq


@app.cell
def _():
    warehouse = Path(os.environ.get("KAOHE_WAREHOUSE", "warehouse/tables"))
    tables = duckdb.connect(str(warehouse / "kaohe.duckdb"), read_only=True)

    def ask(sql: str, *values: object) -> pd.DataFrame:
        return tables.execute(sql, values).df()

    mo.md(f"""
    # 目标绩效考核数据

    数据仓库：`{warehouse}`，快照 `{(warehouse / "CURRENT").read_text().strip()}`。
    All views of `kaohe.duckdb` are of one snapshot; open the file again after a landing.
    """)
    return ask, warehouse


@app.cell
def _(ask):
    views = ask(
        "SELECT view_name AS view, comment AS grain FROM duckdb_views() WHERE NOT internal "
        "ORDER BY view"
    )
    columns = ask(
        "SELECT table_name AS view, column_name AS column, data_type AS type, comment AS meaning "
        "FROM duckdb_columns() WHERE NOT internal ORDER BY view, column_index"
    )
    mo.vstack(
        [
            mo.md("## What there is\nViews and columns say themselves what they are."),
            views,
            columns,
        ]
    )
    return columns, views


@app.cell
def _(ask):
    notices = ask(
        "SELECT year, document_id, doc_number, title, issuer, indicators, targets, open_findings "
        "FROM current_notices ORDER BY year, document_id"
    )
    mo.vstack([mo.md("## The notices in force 现行通知"), notices])
    return (notices,)


@app.cell
def _(ask, notices):
    document_id = notices["document_id"].iloc[0] if len(notices) else ""
    totals = ask(
        """
        WITH weight_groups AS (
            SELECT entity, weight_group, max(max_points) AS points
            FROM targets
            WHERE document_id = ? AND status = 'assessed'
            AND coalesce(item_kind, 'scored') = 'scored'
            GROUP BY entity, weight_group
        )
        SELECT entity, sum(points) AS max_points, count(*) AS weight_groups
        FROM weight_groups GROUP BY entity ORDER BY entity
        """,
        document_id,
    )
    mo.vstack(
        [
            mo.md(
                "## What each entity can reach 满分\n"
                "Indicators may share one printed points cell: each weight group counts once."
            ),
            totals,
        ]
    )
    return document_id, totals


@app.cell
def _(ask, document_id):
    targets = ask(
        "SELECT serial_no, level1, indicator, unit, entity, status, target_text, target_kind, "
        "operator, target_value, target_unit, needs_review, page "
        "FROM targets WHERE document_id = ? ORDER BY serial_no, entity",
        document_id,
    )
    side_by_side = targets.pivot_table(
        index=["serial_no", "indicator", "unit"],
        columns="entity",
        values="target_text",
        aggfunc="first",
        dropna=False,
        observed=True,
    ).dropna(how="all")
    mo.vstack([mo.md("## Targets, entity by entity 目标"), side_by_side])
    return side_by_side, targets


@app.cell
def _(ask, document_id):
    doubts = ask(
        """
        SELECT t.page, t.serial_no, t.indicator, t.entity, t.target_text, t.review_reason
        FROM targets AS t WHERE t.document_id = ? AND t.needs_review
        ORDER BY t.serial_no, t.entity
        """,
        document_id,
    )
    mo.vstack(
        [
            mo.md(
                "## What a person should look at 待核对\n"
                "A value that may be wrong says so; `kaohe review` shows it beside the page."
            ),
            doubts,
        ]
    )
    return (doubts,)


@app.cell
def _(ask, document_id):
    scorecards = ask(
        "SELECT entity, as_of, points, max_points, points_of_100, points_low, points_high, "
        "received_share, rank_group, rank, rank_low, rank_high "
        "FROM scorecards_latest WHERE document_id = ? AND level = 'total' "
        "ORDER BY rank_group, rank, entity",
        document_id,
    )
    samples = ask(
        "SELECT count(*) FILTER (sample) AS sample, count(*) AS returned "
        "FROM returns WHERE document_id = ?",
        document_id,
    )
    mo.vstack(
        [
            mo.md("## Scorecards 得分"),
            mo.md(
                f"**样例数据 / sample figures: {samples['sample'].iloc[0]} of "
                f"{samples['returned'].iloc[0]} returned values are made up.**"
            ),
            scorecards if len(scorecards) else mo.md("Nothing is scored yet: `kaohe score YEAR`."),
        ]
    )
    return samples, scorecards


@app.cell
def _(scorecards):
    def bar(row) -> str:
        whole, low, high = row.max_points, row.points_low, row.points_high
        sure = 100 * low / whole if whole else 0
        open_ = 100 * (high - low) / whole if whole else 0
        return (
            f"<tr><td>{html.escape(row.entity)}</td><td style='width:24rem'>"
            f"<div style='display:flex;height:1em'>"
            f"<div style='width:{sure:.1f}%;background:#4477aa'></div>"
            f"<div style='width:{open_:.1f}%;background:#bbccee'></div></div></td>"
            f"<td>{row.points:.1f}　{low:.1f}–{high:.1f} / {whole:g}</td></tr>"
        )

    scored = scorecards.dropna(subset=["points", "max_points", "points_low", "points_high"])
    bars = mo.Html("<table>" + "".join(map(bar, scored.itertuples())) + "</table>")
    mo.vstack([mo.md("Dark: what is certain; light: what may still come."), bars])
    return (bars,)


@app.cell
def _(ask, document_id):
    losses = ask(
        """
        SELECT s.entity, s.serial_no, i.level1, i.indicator, s.share_points, s.points,
            round(s.share_points - s.points, 3) AS lost, s.trace ->> '$.words' AS how
        FROM scores_latest AS s
        JOIN indicators AS i ON i.document_id = s.document_id AND i.serial_no = s.serial_no
        WHERE s.document_id = ? AND s.status = 'scored' AND s.points < s.share_points
        ORDER BY lost DESC, s.entity, s.serial_no
        """,
        document_id,
    )
    mo.vstack([mo.md("## Where points were lost, and how they were counted"), losses.head(30)])
    return (losses,)


@app.cell
def _(ask):
    history = ask(
        """
        SELECT indicator_key, count(*) AS years,
            list(year || ' ' || indicator ORDER BY year) AS through_the_years
        FROM indicator_history GROUP BY indicator_key ORDER BY years DESC, indicator_key
        """
    )
    mo.vstack(
        [mo.md("## Indicators through the years\nMore in `docs/query.md`."), history.head(30)]
    )
    return (history,)


@app.cell
def _(warehouse):
    snapshot = (warehouse / "current").resolve()  # one state, whatever lands meanwhile
    files = sorted((snapshot / "targets").glob("*/*.parquet"))
    schema = pq.read_schema(files[0]) if files else None
    metadata = {
        key.decode(): value.decode()
        for key, value in ((schema.metadata or {}) if schema else {}).items()
    }
    units = pd.DataFrame(
        {
            "column": field.name,
            "unit": (field.metadata or {}).get(b"unit", b"").decode(),
            "description": (field.metadata or {}).get(b"description", b"").decode(),
        }
        for field in schema or ()
    )
    mo.vstack(
        [
            mo.md("## The Parquet files alone\nEach carries its columns' meaning and its origin."),
            metadata,
            units,
        ]
    )
    return metadata, units


if __name__ == "__main__":
    app.run()
