"""Which of the tables of a document are the indicator tables."""
