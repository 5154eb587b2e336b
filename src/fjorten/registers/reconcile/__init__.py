"""
`fjorten reconcile`: two files in, a list of findings out, without a database and without Django.

`reading.py` turns a register extract and a journal export of any kind into the relations of `relations.py`; the rules look only at those,
so anything else that fills them gets the same findings. Nothing is merged, closed or deleted: every finding is for a person to settle.
"""
