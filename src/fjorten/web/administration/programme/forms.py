"""A municipality's decision about the programme, as a file or as text."""

from typing import Any, ClassVar, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.plans.programmes import OverlayIsForAnotherMunicipality, read_decision
from fjorten.programme.tables import DefinitionIsInvalid
from fjorten.web.administration.acting import tell_problems
from fjorten.web.asked import AskedForm, a_file, some_words

_LARGEST: Final = 200_000  # bytes: a decision about every step, many times over [default]


class DecisionForm(AskedForm):
    """A file, or the text of one; what was in the file stands in the text afterwards, so that nothing is lost and it can be put right."""

    groups_asked = ((gettext_lazy("Beslutningen"), ("file", "text")),)
    about: ClassVar = {OverlayIsForAnotherMunicipality: "text"}

    def __init__(self, data: QueryDict | None = None, files: Any = None) -> None:
        """Take what was sent, if anything was."""
        self._sent = data.copy() if data is not None else None
        super().__init__(self._sent, files)
        self.fields["file"] = a_file(_("Fil"), hint=_("TOML eller JSON, høyst 200 kB. En fil går foran teksten under."))
        self.fields["text"] = some_words(_("Eller teksten"), most=_LARGEST, rows=16)
        self.content: dict[str, object] = {}

    def clean(self) -> dict[str, Any]:
        """Read the file, or the text, into tables, and tell everything that is wrong with it."""
        said = super().clean() or {}
        if self.errors:
            return said
        file: UploadedFile[bytes] | None = said.get("file")
        if file is not None and (file.size or 0) > _LARGEST:
            self.add_error("file", _("Filen er for stor. En beslutning er en kort tekst på høyst 200 kB."))
            return said
        written = file.read() if file is not None else str(said.get("text", "")).encode()
        if not written.strip():
            self.add_error("file", _("Velg en fil, eller skriv beslutningen som tekst."))
            return said
        try:
            self.content = read_decision(written, file=file.name or "fil" if file is not None else "tekst")
        except DefinitionIsInvalid as wrong:
            tell_problems(self, wrong, field="file" if file is not None else "text")
        self._keep(written)
        return said

    def _keep(self, written: bytes) -> None:
        """Let the text say what was in the file, where it is text at all."""
        try:
            kept = written.decode("utf-8-sig")
        except UnicodeDecodeError:
            return
        if self._sent is not None and "\0" not in kept:
            self._sent["text"] = kept
