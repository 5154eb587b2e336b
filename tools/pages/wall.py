"""docs/reference/wall.md: which tables PostgreSQL keeps apart between municipalities, and by what."""

from __future__ import annotations

from tools.markdown import Pages, ReferenceCannotBeMade, markdown_table, page
from tools.pages.django_ready import set_up


def wall_page() -> Pages:
    """Make the page from the migrations and `config.wall`. Raises ReferenceCannotBeMade for a table that is on neither side."""
    set_up()
    from django.apps import apps

    from fjorten.config.wall import OUTSIDE, walls

    walled = walls()
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    forgotten = [table for table, model in models.items() if model._meta.label_lower not in walled and table not in OUTSIDE]
    if forgotten:
        raise ReferenceCannotBeMade(
            f"{', '.join(sorted(forgotten))}: behind no wall between municipalities. Add a migration in config/migrations with "
            "Walled(...), or the reason why not in config/wall.py (ADR 25)"
        )
    rows = [
        [table, walled[model._meta.label_lower].by, "alle" if walled[model._meta.label_lower].is_read_by_all else ""]
        for table, model in sorted(models.items())
        if model._meta.label_lower in walled
    ]
    paragraphs = [
        "På PostgreSQL slipper databasen selv bare fram rader i den kommunen spørsmålet er stilt i: den til den som er "
        "innlogget, eller den en kommando gjelder. Er det ikke sagt, ses ingenting. Det gjelder også tabellenes eier, "
        "men ikke en superbruker. SQLite har ikke noe slikt: har flere kommuner samme installasjon, må den være på PostgreSQL.",
        "## Tabeller bak muren",
        "Hvilken kolonne som sier hvem raden hører til: kommunen selv, eller en rad som er bak muren.",
        markdown_table(["tabell", "kommunen er gitt ved", "lest av"], rows),
        "## Tabeller utenfor",
        markdown_table(["tabell", "hvorfor"], [[table, why] for table, why in sorted(OUTSIDE.items())]),
    ]
    return {"wall.md": page(title="Muren mellom kommunene", paragraphs=paragraphs)}
