"""The review page: a document beside what was read from it."""
