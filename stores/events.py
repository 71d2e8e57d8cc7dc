"""News of the stores."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StoreHoursChanged:
    """Opening hours, special days or policy changed; somebody waiting may now be served."""

    store_id: int
    at: datetime
