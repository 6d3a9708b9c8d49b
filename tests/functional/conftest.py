"""Lets the tests of this folder import `agreement`, which importlib mode alone would not find."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
