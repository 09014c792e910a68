"""Model outputs that others have saved, read into records. One file per format; `read` finds out which."""

from evals.recorded.fields import Fields
from evals.recorded.formats import FORMATS
from evals.recorded.read import Outputs, read
from evals.recorded.record import Record

__all__ = ["FORMATS", "Fields", "Outputs", "Record", "read"]
