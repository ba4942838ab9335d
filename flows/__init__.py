"""Prefect flows, the command line and the schedule: thin doors that open the other rooms."""
