"""What `help()` and Jupyter's `?` say about a field: the text under it in the source."""

from __future__ import annotations


class Slots(dict[str, "str | None"]):
    """`__slots__` whose values are the texts of the fields, which is where `help()` looks for them.

    They are read when somebody asks: few programs do.
    """

    def __get__(self, instance: object, owner: type) -> Slots:
        if not any(self.values()):
            self.update(_texts(owner))
        return self


def _texts(owner: type) -> dict[str, str]:
    """Return the text of each field; none where the source is not at hand."""
    import ast
    import inspect
    from itertools import pairwise
    from textwrap import dedent

    try:
        tree = ast.parse(dedent(inspect.getsource(owner)))
    except (OSError, TypeError, SyntaxError):
        return {}
    body = next((node.body for node in tree.body if isinstance(node, ast.ClassDef)), [])
    return {
        ast.unparse(field.target): inspect.cleandoc(str(text.value.value)).rstrip()
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
