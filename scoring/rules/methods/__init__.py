"""The rules of scoring, one in a module of its name; each binds its ``METHOD``."""
