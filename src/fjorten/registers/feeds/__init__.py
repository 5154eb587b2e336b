"""
Reading the population register, whichever service is in front of it.

`source.py` says what is read: pages of events, documents, persons. `directory.py` reads it from files, `http.py` from the register's own
interface; a third adapter, for the health services' national person service, goes beside them without a change elsewhere. No Django and
no database here: what is read is handed over as frozen values, and nothing is decided about anyone.
"""
