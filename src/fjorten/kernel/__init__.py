"""
The smallest true things: identity numbers, periods, ages, working days and names.

Everything here is a pure function or a frozen value. No database, no clock, no files, no network: what a rule needs to know is handed
to it. Every other room may import this one, and this one imports none.
"""
