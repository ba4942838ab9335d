"""The document that a command names, and what people declared of it beside it."""
