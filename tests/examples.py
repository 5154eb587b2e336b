"""How many generated examples a test tries: 100 in `make test`, 5,000 in the long run (`make generative` sets FJORTEN_EXAMPLES)."""

import os

from hypothesis import settings

EXAMPLES = settings(max_examples=int(os.environ.get("FJORTEN_EXAMPLES", "100")), deadline=None)
