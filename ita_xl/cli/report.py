"""The command that makes the document which is signed."""

from __future__ import annotations

from pathlib import Path

import click

from ita_xl import files
from ita_xl.cli.common import FILE, JSON, LANG, Command, Exit, check_name, exit_for, listed, print_json, tell
from ita_xl.cli.common import report as told
from ita_xl.data import say

_KINDS = ("analysis", "measures", "memo", "announcement", "brief", "results", "weakest", "changes")


@click.command(cls=Command)
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@click.option("-o", "--output", type=FILE, metavar="OUT", help="A .docx, a .pdf, or a folder.")
@click.option("--docx", is_flag=True, help="Only Word.")
@click.option("--pdf", is_flag=True, help="Only PDF.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    default=("analysis",),
    help="Which document; may be given several times.",
)
@click.option(
    "--months",
    type=click.Choice(("6", "12")),
    help="Of results: the period, from October; 12 if not given.",
)
@click.option(
    "--after",
    type=FILE,
    metavar="NEXT.xlsx",
    help="Of results: next year's workbook, whose scores are shown beside.",
)
@click.option("--template", type=FILE, metavar="AGENCY.docx", help="The agency's own Word file.")
@click.option("--font", default="", help='For the PDF: a name, or "system".')
@click.option("--thai-digits", is_flag=True, help="All numbers in Thai digits.")
@click.option("--draft", is_flag=True, help="The word “ร่าง” (draft) across each page.")
@JSON
@LANG
def report(
    file: Path,
    output: Path | None,
    docx: bool,
    pdf: bool,
    kinds: tuple[str, ...],
    months: str | None,
    after: Path | None,
    template: Path | None,
    font: str,
    thai_digits: bool,
    draft: bool,
    as_json: bool,
    lang: str,
) -> Exit:
    """Make the document that is signed, as Word and PDF.

    Nothing is written to the workbook. A document that somebody changed is never replaced. Of a workbook with
    entries to mend it is a draft.
    """
    from ita_xl.report import making

    of_results = [name for name, given in (("--months", months), ("--after", after)) if given is not None]
    if of_results and "results" not in kinds:
        raise click.UsageError(say("cli.only_results", lang, options=", ".join(of_results)))
    formats = tuple(ending for ending, wanted in ((making.DOCX, docx), (making.PDF, pdf)) if wanted)
    one = output is not None and output.suffix and not output.is_dir()
    if output is not None and one:
        check_name(output, making.FORMATS, lang)
        ending = output.suffix.lower()
        if len(set(kinds)) > 1 or (formats and formats != (ending,)):
            raise click.UsageError(say("cli.one_document", lang, file=output.name))
        formats = (ending,)
    wishes = making.Wishes(
        tuple(dict.fromkeys(kinds)),
        formats or making.FORMATS,
        files.read_bytes(template) if template else None,
        font,
        thai_digits,
        draft,
        int(months) if months else making.Wishes.months,
        files.read_package(after) if after else None,
        after.name if after else "",
    )
    made, findings = making.make(file, output, wishes)
    if as_json:
        print_json({**listed(findings, lang), "output": [str(path) for path in made]})
    else:
        told(findings, lang)
        for path in made:
            tell(say("cli.document_made", lang, file=path))
    return exit_for(findings)
