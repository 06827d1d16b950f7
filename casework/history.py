"""How agreements came to be what they are."""

import geopandas as gpd

from casework.changes import Step, steps
from casework.errors import NotFoundError
from casework.model import Agreement
from casework.ports import Store


class History:
    """Versions of agreements, those of removed ones too."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, agreement_id: str) -> tuple[Step, ...]:
        """What each version changed, newest first; nothing for an agreement that never was."""
        return steps(self._store.agreement_history(agreement_id))

    def as_it_was(self, agreement_id: str, version: int) -> tuple[Agreement, gpd.GeoDataFrame]:
        """Terms and ZONES frame of one version.

        Raises
        ------
        NotFoundError
            When there was no such version.
        """
        for step in self.of(agreement_id):
            if step.version == version:
                return step.agreement, self._store.zone_as_it_was(agreement_id, version)
        raise NotFoundError("There is no version {version} of agreement {id}.", version=version, id=agreement_id)
