"""Words of others inside a chart."""

from html import escape


def plain(words: str) -> str:
    """The words as plotly has to be told them: it reads tags and links in every text it draws.

    Examples
    --------
    >>> plain('<a href="https://elsewhere.example">Mill & Co</a>')
    '&lt;a href="https://elsewhere.example"&gt;Mill &amp; Co&lt;/a&gt;'
    >>> plain("")
    ''
    """
    return escape(words, quote=False)
