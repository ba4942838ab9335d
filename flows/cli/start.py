"""Where the program starts: until its command is at work, Ctrl-C just ends it.

Nothing is begun by then that a word would have to be said of, and what is being imported would say
where it was stopped. Whoever ignores Ctrl-C, as a shell has it of what runs in the background, goes
on to do so.
"""

from __future__ import annotations

import signal


def main() -> None:
    """Import the command line and run it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from flows.cli.main import main

    main()
