"""Replaces dbt's ``adapter`` when sqlfluff renders models without dbt."""

from collections.abc import Callable


def dispatch(macro_name: str) -> Callable[..., str]:
    """Return a renderer for whichever dialect's ``macro_name`` dbt would pick."""

    def render(*arguments: str) -> str:
        return f"{macro_name}({', '.join(str(argument) for argument in arguments)})"

    return render
