"""The methods that every model has, by theme, and the base classes of models."""

from mockserver.orm.methods.access import Access
from mockserver.orm.methods.copying import Copying
from mockserver.orm.methods.crud import Crud
from mockserver.orm.methods.describe import Describe
from mockserver.orm.methods.formatted_grouping import FormattedGrouping
from mockserver.orm.methods.grouping import Grouping
from mockserver.orm.methods.naming import Naming
from mockserver.orm.methods.old_grouping import OldGrouping
from mockserver.orm.methods.onchange import Onchange
from mockserver.orm.methods.recordsets import ClientHelpers
from mockserver.orm.methods.search import Search
from mockserver.orm.methods.search_panel import SearchPanel
from mockserver.orm.methods.transfer import Transfer
from mockserver.orm.methods.translations import Translations
from mockserver.orm.methods.views import Views
from mockserver.orm.methods.web import Web

__all__ = ["BaseModel"]


class BaseModel(
    Access,
    Copying,
    Crud,
    Describe,
    FormattedGrouping,
    Grouping,
    Naming,
    OldGrouping,
    Onchange,
    ClientHelpers,
    Search,
    SearchPanel,
    Transfer,
    Translations,
    Views,
    Web,
):
    """The methods of every model."""

    __slots__ = ()
