"""
The parts of the register's published person schema that the simulation uses, to hold its documents to.

Source: Folkeregisteret OpenAPI "offentlig-med-hjemmel" v1.5 [source]. Every element also has the fields in SHARED. Enumerations are given
where there are any.
"""

SHARED = {"ajourholdstidspunkt", "erGjeldende", "gyldighetstidspunkt", "opphoerstidspunkt", "kilde", "aarsak"}
MUST_HAVE = {"ajourholdstidspunkt", "erGjeldende", "gyldighetstidspunkt", "kilde"}

ADDRESS = {
    "adressegradering",
    "vegadresse",
    "matrikkeladresse",
    "adresseIdentifikatorFraMatrikkelen",
    "naerAdresseIdentifikatorFraMatrikkelen",
}

FIELDS: dict[str, set[str]] = {
    "identifikasjonsnummer": {"status", "foedselsEllerDNummer", "identifikatortype"},
    "status": {"status"},
    "foedsel": {"foedselsdato", "foedselsaar", "foedested", "foedekommuneINorge", "foedeland"},
    "foedselINorge": {"foedselsinstitusjonsnavn", "rekkefoelgenummer"},
    "kjoenn": {"kjoenn"},
    "navn": {"fornavn", "mellomnavn", "etternavn", "forkortetNavn", "originaltNavn"},
    "adressebeskyttelse": {"graderingsnivaa"},
    "bostedsadresse": ADDRESS | {"flyttedato", "ukjentBosted", "grunnkrets", "skolekrets", "kirkekrets", "stemmekrets"},
    "oppholdsadresse": ADDRESS | {"oppholdsadressedato", "oppholdAnnetSted", "adressenErUkjent", "utenlandskAdresse"},
    "innflytting": {"fraflyttingsland", "fraflyttingsstedIUtlandet"},
    "utflytting": {"tilflyttingsland", "tilflyttingsstedIUtlandet", "utflyttingsdato"},
    "familierelasjon": {"relatertPerson", "relatertPersonsRolle", "minRolleForPerson", "relatertPersonUtenFolkeregisteridentifikator"},
    "foreldreansvar": {
        "ansvar",
        "ansvarlig",
        "ansvarligOrganisasjon",
        "ansvarligUtenIdentifikator",
        "ansvarssubjekt",
        "ansvarssubjektUtenIdentifikator",
    },
    "statsborgerskap": {"statsborgerskap", "ervervsdato"},
    "identitetsgrunnlag": {"identitetsgrunnlagstatus"},
    "opphold": {"oppholdFra", "oppholdTil", "oppholdstillatelse"},
    "doedsfall": {"doedsdato"},
}

VALUES: dict[tuple[str, str], set[str]] = {
    ("identifikasjonsnummer", "status"): {"iBruk", "opphoert"},
    ("identifikasjonsnummer", "identifikatortype"): {"foedselsnummer", "dNummer"},
    ("status", "status"): {
        *("bosatt", "utflyttet", "forsvunnet", "doed", "opphoert"),
        *("foedselsregistrert", "midlertidig", "inaktiv", "ikkeBosatt", "aktiv"),
    },
    ("kjoenn", "kjoenn"): {"kvinne", "mann"},
    ("adressebeskyttelse", "graderingsnivaa"): {"ugradert", "klientadresse", "fortrolig", "strengtFortrolig"},
    ("bostedsadresse", "adressegradering"): {"ugradert", "klientadresse", "fortrolig", "strengtFortrolig"},
    ("foreldreansvar", "ansvar"): {"felles", "mor", "far", "medmor", "andre", "ukjent"},
    ("familierelasjon", "relatertPersonsRolle"): {"mor", "far", "medmor", "barn", "soesken", "ektefelleEllerPartner", "doedfoedtBarn"},
    ("opphold", "oppholdstillatelse"): {"midlertidig", "permanent", "opplysningMangler"},
    # touch() uses "unik", which is announced for 2027 and in no published list yet.
    ("identitetsgrunnlag", "identitetsgrunnlagstatus"): {"ingenStatus", "ikkeKontrollert", "kontrollert", "unik"},
}

VEGADRESSE = {
    *("kommunenummer", "bruksenhetsnummer", "bruksenhetstype", "adressenavn", "adressenummer"),
    *("adressekode", "poststed", "adressetilleggsnavn", "coAdressenavn"),
}
MATRIKKELADRESSE = {
    "matrikkelnummer",
    "adressetilleggsnavn",
    "bruksenhetsnummer",
    "bruksenhetstype",
    "coAdressenavn",
    "poststed",
    "undernummer",
}

# Published hendelsetyper, and those in the event list v1.8 that the schema's enumeration lacks.
EVENTS = {
    *("personErOpprettet", "personErReaktivert", "personErOppdatert", "personErInaktiv", "personErDoed", "personErBosatt"),
    *("personErUtflyttet", "personErViderefoertSomGjeldendeVedSammenslaaing", "personErOpphoertSomDublett", "endringIStatus"),
    *("endringIIdentifikasjonsnummer", "endringIFamilierelasjon", "endringIDoedsfall", "endringINavn", "endringIAdressebeskyttelse"),
    *("endringIFoedsel", "endringIFoedselINorge", "endringIKjoenn", "endringIBostedsadresse", "endringIBostedsadresseUtenFlytting"),
    *("endringIBostedsadresseVedKommuneregulering", "endringIOppholdsadresse", "endringIInnflytting", "endringIUtflytting"),
    *("endringIForeldreansvar", "endringIStatsborgerskap", "endringIOpphold"),
}
