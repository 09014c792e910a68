"""One module per command of `repro`. What is slow to import is imported inside, once it is needed."""
