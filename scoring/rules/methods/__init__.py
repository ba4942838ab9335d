"""The rules of scoring, one in a module of its name, which binds its ``METHOD``."""
