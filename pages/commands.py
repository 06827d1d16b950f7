"""Commands that the screen tells, as they are typed in the project's folder."""

from casework.model import Kind

PROGRAM = ".venv/bin/python app.py"


def command(words: str) -> str:
    """A whole command of the program's verb and options.

    Examples
    --------
    >>> command("demo")
    '.venv/bin/python app.py demo'
    """
    return f"{PROGRAM} {words}"


def load(*kinds: Kind) -> str:
    """The commands that take in files of `kinds`, one a line; FILE and DATUM are for whoever types them to put in.

    A datum always stands there: a table of columns names none, and none is guessed.

    Examples
    --------
    >>> load(Kind.INCIDENTS)
    '.venv/bin/python app.py load incidents FILE --datum DATUM'
    >>> load()
    ''
    """
    return "\n".join(command(f"load {kind} FILE --datum DATUM") for kind in kinds)
