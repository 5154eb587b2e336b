"""
What every child is offered, and when: programmes as reviewed data, and the rules that make a plan of them.

Pure: values in, values out. No database, no clock, no randomness; the only thing read from disk is a programme's own TOML file. The order
of reading is `durations`, `steps`, `tables` and `validation` (what a definition is and when it is right), `definitions` and `overlays`
(which one applies), and then the rules: `plan`, `status`, `catch_up`.
"""
