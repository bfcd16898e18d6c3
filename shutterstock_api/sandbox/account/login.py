"""The login page, where a customer allows or denies what an application asks for."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qs, urlsplit

from shutterstock_api.sandbox.http.messages import Refusal, Request, Response

from .database import USERNAME
from .oauth import LOGIN, OAuth, Question

_STYLE = """
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --act: #c4161c; --on-act: #fff; --focus: #0b5fce; }
@media (prefers-color-scheme: dark) { :root { --page: #0e1116; --card: #171b22; --text: #e9edf2;
  --soft: #a1aab5; --line: #363d47; --act: #ff6b62; --on-act: #1a0605; --focus: #7fb4ff; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; padding: 2rem; border: 1px solid var(--line); border-radius: 1rem;
  background: var(--card); }
h1 { margin: .25rem 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); font-size: .875rem; }
.soft:last-child { margin: 0; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
ul { margin: 0 0 1.5rem; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { padding: .625rem 0; border-bottom: 1px solid var(--line); }
li code { display: block; color: var(--soft); }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin-bottom: 1.5rem; }
button { flex: 1 1 8rem; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem;
  background: transparent; color: var(--text); font: inherit; font-weight: 600; cursor: pointer; }
button[value=allow] { border-color: var(--act); background: var(--act); color: var(--on-act); }
button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<p class="soft">Sandbox for the Shutterstock API</p>
<h1>{title}</h1>
{content}
<p class="soft">This page is served by a program on this machine. No account and no money is involved.</p>
</main>
</body>
</html>
"""
_QUESTION = """\
<p>The application <code>{client_id}</code> would like to do this in the name of <strong>{user}</strong>,
who is logged in as a {realm}:</p>
<ul>
{scopes}
</ul>
<form method="post" action="{action}">
<input type="hidden" name="question" value="{signed}">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>
<p class="soft">Either way you are sent on to <code>{host}</code>.</p>
"""


def login(oauth: OAuth, descriptions: Mapping[str, str], request: Request) -> Response:
    """Show the page, or handle the button that was pressed."""
    if request.method not in ("GET", "HEAD", "POST"):
        raise Refusal(405, "Method Not Allowed", headers={"Allow": "GET, HEAD, POST"})
    pressed = request.method == "POST"
    given = parse_qs(request.body.decode("utf-8", "replace") if pressed else request.query)
    signed, decision = given.get("question", [""])[0], given.get("decision", [""])[0]
    try:
        question = oauth.question(signed)
        if pressed and decision not in ("allow", "deny"):
            raise Refusal(400, "Neither Allow nor Deny was pressed")
    except Refusal as refusal:
        content = f"<p>{escape(refusal.message)}. Go back to the application and begin again.</p>"
        return _page(refusal.status, "This did not work", content)
    if pressed:
        return Response(302, {"Location": oauth.decided(question, allow=decision == "allow")})
    form_action = f"'self' {_origin(question.redirect_uri)}"
    return _page(200, "Allow access?", _asked(question, descriptions, signed), form_action)


def _asked(question: Question, descriptions: Mapping[str, str], signed: str) -> str:
    scopes = "\n".join(
        f"<li>{escape(descriptions.get(scope, 'Something that the sandbox does not know.'))}"
        f"<code>{escape(scope)}</code></li>"
        for scope in question.scopes
    )
    return _QUESTION.format(
        action=LOGIN,
        client_id=escape(question.client_id),
        user=escape(USERNAME),
        realm=escape(question.realm),
        scopes=scopes or "<li>Nothing but to know that you agree.</li>",
        signed=escape(signed),
        host=escape(urlsplit(question.redirect_uri).netloc),
    )


def _page(status: int, title: str, content: str, form_action: str = "'none'") -> Response:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        f"form-action {form_action}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status, headers, _PAGE.format(title=title, style=_STYLE, content=content).encode())


def _origin(redirect_uri: str) -> str:
    """The origin that the form finally leads to: browsers apply `form-action` to redirects, too."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}:" if "[" in parts.netloc else f"{parts.scheme}://{parts.netloc}"  # no IPv6 there
