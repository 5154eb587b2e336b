"""Pages of docs/reference that are made from the code and the definitions themselves, one module a page; tools/reference.py lists them."""
