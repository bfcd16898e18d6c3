"""The texts of fields for `help()` and Jupyter's `?`, from the strings below the fields in the source."""

from __future__ import annotations


class Slots(dict[str, "str | None"]):
    """`__slots__` whose values are the texts of the fields: `help()` looks for them there.

    They are read when they are needed, because few programs need them.
    """

    def __get__(self, instance: object, owner: type) -> Slots:
        if not any(self.values()):
            self.update(_texts(owner))
        return self


def _texts(owner: type) -> dict[str, str]:
    """Return the text of each field; none if the source is not available."""
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
