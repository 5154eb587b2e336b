"""Who lives here, by what the register says. Pure; the reconcile rules and the ledger both use these words."""

from typing import Final

# Statuses that say the person does not live in Norway as a resident, whatever address may still stand in the document. Everything else,
# also a status we have never heard of, counts as living where the address says: nobody is lost to a new word
# [source: Folkeregisteret, element status; the reading of unknown words is our default].
NOT_RESIDENT: Final = frozenset({"utflyttet", "forsvunnet", "opphoert", "inaktiv", "ikkeBosatt", "midlertidig"})
DEAD: Final = "doed"
BIRTH_REGISTERED: Final = "foedselsregistrert"
