"""The command line, called through ``python app.py``; without a verb it serves."""

import click

from verbs import VERBS
from verbs.serving import serve


@click.group(invoke_without_command=True)
@click.pass_context
def cli(context: click.Context) -> None:
    """Lianfang: neighbouring regions enforce environmental law together along the border they share."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


for verb in VERBS:
    cli.add_command(verb)
