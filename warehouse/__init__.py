"""Landing, reading and the DuckDB catalogue of the Parquet tables."""
