"""`ContactSheet`: a selection as pictures or as a table in Jupyter."""

from shutterstock_api.paging.contact_sheet import ContactSheet as ContactSheet

__all__ = ["ContactSheet"]
