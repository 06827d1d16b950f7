"""Pages that need no sign-in, as plain HTML: sign in, set a password, and words about both."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from layers.view import View
from words import translator

_PAGE = Template(Path(__file__).with_suffix(".html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Asked:
    """One field of a form."""

    name: str
    label: str
    kind: str = "password"
    complete: str = "current-password"
    value: str = ""


def sign_in(view: View, goes_on: str, said: str = "", named: str = "", provider: str = "") -> str:
    """The page on which somebody signs in.

    Parameters
    ----------
    view
        Language and theme.
    goes_on
        Address of ours that follows.
    said
        What went wrong before, or what happened; empty: nothing.
    named
        What was typed as the name.
    provider
        Host of the provider of identities; empty without one.
    """
    _ = translator(view.lang)
    fields = [Asked("id", _("Name to sign in with"), "text", "username", named), Asked("password", _("Password"))]
    content = _form("/sign-in", fields, _("Sign in"), {"next": goes_on}, view, said)
    if provider:
        query = urlencode({"next": goes_on})
        words = escape(_("Sign in through {provider}").format(provider=provider))
        content += f'<p><a class="set" href="{escape(f"/sign-in/provider?{query}")}">{words}</a></p>'
    content += (
        f'<p class="quiet">{escape(_("No account, or no password any more? Ask an administrator of your region."))}</p>'
    )
    return _whole(view, _("Sign in"), content, {"next": goes_on}, "/sign-in")


def invited(view: View, address: str, named: str, said: str = "") -> str:
    """The page on which somebody who was invited sets their password."""
    _ = translator(view.lang)
    fields = [Asked("id", _("Name to sign in with"), "text", "username", named), *_twice(view)]
    return _whole(view, _("Set your password"), _form(address, fields, _("Set it"), {}, view, said), {}, address)


def change_password(view: View, named: str, said: str = "") -> str:
    """The page on which somebody gives themselves another password."""
    _ = translator(view.lang)
    fields = [
        Asked("id", _("Name to sign in with"), "text", "username", named), Asked("old", _("Password until now")),
        *_twice(view),
    ]  # fmt: skip
    return _whole(view, _("Another password"), _form("/password", fields, _("Set it"), {}, view, said), {}, "/password")


def told(view: View, title: str, words: str, link: tuple[str, str] | None = None) -> str:
    """A page that says something, and where to go on."""
    content = f'<p role="status">{escape(words)}</p>'
    if link:
        content += f'<p><a class="set" href="{escape(link[1])}">{escape(link[0])}</a></p>'
    return _whole(view, title, content, {}, "")


def _twice(view: View) -> list[Asked]:
    _ = translator(view.lang)
    label = _("New password, at least 12 letters: four words are easy to keep in mind")
    return [Asked("new", label, complete="new-password"), Asked("again", _("The same again"), complete="new-password")]


def _form(address: str, fields: Sequence[Asked], button: str, more: dict[str, str], view: View, said: str) -> str:
    hidden = {**more, "lang": view.lang, "theme": view.theme}
    first = next((one.name for one in fields if not one.value), "")
    parts = [f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()]
    if said:
        parts.append(f'<p class="said" role="alert">{escape(said)}</p>')
    parts.extend(
        f'<label>{escape(one.label)}<input name="{one.name}" type="{one.kind}" autocomplete="{one.complete}"'
        f' value="{escape(one.value)}" required maxlength="1000" autocapitalize="none" spellcheck="false"'
        f"{' autofocus' if one.name == first else ''}></label>"
        for one in fields
    )
    parts.append(f'<button type="submit">{escape(button)}</button>')
    return f'<form method="post" action="{escape(address)}">{"".join(parts)}</form>'


def _whole(view: View, title: str, content: str, kept: dict[str, str], address: str) -> str:
    """The page around it, with links to the other language and theme."""
    _ = translator(view.lang)
    other_lang, lang_label = ("en", "English") if view.lang == "zh" else ("zh", "中文")
    other_theme, theme_label = ("light", _("Light")) if view.theme == "dark" else ("dark", _("Dark"))
    sets = " ".join(
        f'<a class="set" href="{escape(f"{address}?{urlencode({**kept, **look})}")}">{escape(label)}</a>'
        for look, label in (
            ({"lang": other_lang, "theme": view.theme}, lang_label),
            ({"lang": view.lang, "theme": other_theme}, theme_label),
        )
    )
    lang = "zh-CN" if view.lang == "zh" else "en"
    return _PAGE.substitute(lang=lang, theme=view.theme, title=escape(title), content=content, sets=sets)
