"""Letters on paper and as documents: values in, accessible PDF out. Nothing is fetched, and nothing is written anywhere."""
