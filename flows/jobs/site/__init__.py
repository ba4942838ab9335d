"""One document's share of the report site: what it is made of, and how its parts are made."""
