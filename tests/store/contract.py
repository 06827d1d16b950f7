"""What every store must do; a store's own tests inherit `StoreContract` and bring the `store` fixture."""

import pytest

from casework.model import Kind
from tests.store import specimens
from tests.store.contract_agreed import AgreedContract
from tests.store.contract_analyses import AnalysesContract
from tests.store.contract_audit import AuditContract
from tests.store.contract_history import HistoryContract
from tests.store.contract_incidents import IncidentsContract
from tests.store.contract_people import PeopleContract
from tests.store.contract_plans import PlansContract
from tests.store.contract_reading import ReadingContract
from tests.store.contract_roads import RoadsContract
from tests.store.contract_writing import WritingContract
from tests.store.specimens import load


class StoreContract(
    ReadingContract,
    IncidentsContract,
    WritingContract,
    AgreedContract,
    HistoryContract,
    AnalysesContract,
    AuditContract,
    PlansContract,
    PeopleContract,
    RoadsContract,
):
    """The port, method by method."""

    @pytest.fixture
    def store(self):
        raise NotImplementedError

    @pytest.fixture
    def filled(self, store):
        store.add(load(Kind.BOUNDARIES), specimens.boundaries())
        store.add(load(Kind.STATIONS), specimens.stations())
        store.add(load(Kind.FIRMS, simulated=True), specimens.firms())
        store.add(load(Kind.INCIDENTS), specimens.incidents())
        return store
