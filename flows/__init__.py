"""Prefect flows, use cases, the command line and the schedule.

Settings that Prefect reads when it is first imported are made here, before any module of this
room can import it: it reports to nobody, and a server of ours
forgets runs that ended long ago (after 90 days, where Prefect's own settings say nothing else).
Garbage is looked for seldom from the start: to import Prefect takes a fifth longer otherwise.
"""

import os

from common.processes import collect_rarely

collect_rarely()

os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ.setdefault("PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED", "events,flow_runs")
