"""The use cases: plain functions, without Prefect."""
