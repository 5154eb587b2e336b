"""The balance: the equation over residents, one state per child and step, signed daily snapshots, and the independent recount."""
