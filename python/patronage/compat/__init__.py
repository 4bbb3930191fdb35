"""Functions that take and return what those of other libraries do, so that changing the import is all it takes."""
