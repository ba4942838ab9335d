"""``kaohe desk``: the year in a browser, by the same jobs as the commands."""
