"""Logging in: `OAuth`, which obtains tokens.

* `oauth`: gets a token when a person has given consent, and renews it
* `login_listener`: receives the answer of the login page
"""

from shutterstock_api.support.lazy import lazy_names

TYPE_CHECKING = False  # type checkers know the name
if TYPE_CHECKING:
    from shutterstock_api.auth.oauth import AuthorizeUrl as AuthorizeUrl, OAuth as OAuth
    from shutterstock_api.credentials.refreshing_token import RefreshingToken as RefreshingToken
    from shutterstock_api.credentials.token import OAuthError as OAuthError, Token as Token
    from shutterstock_api.credentials.token_file import TokenFile as TokenFile
else:
    _HOMES = {
        "AuthorizeUrl": "auth.oauth",
        "OAuth": "auth.oauth",
        "OAuthError": "credentials.token",
        "RefreshingToken": "credentials.refreshing_token",
        "Token": "credentials.token",
        "TokenFile": "credentials.token_file",
    }
    __getattr__, __dir__ = lazy_names(__name__, _HOMES, "shutterstock_api")
    __all__ = list(_HOMES)
