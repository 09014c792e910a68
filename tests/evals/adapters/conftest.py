"""The libraries of these tests are looked for as those of the verifiers' adapters are."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "verifiers" / "adapters"))
