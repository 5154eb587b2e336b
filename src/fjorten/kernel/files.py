"""Why a file could not be read, in words for whoever named it. Pure."""


def why_unreadable(error: OSError) -> str:
    """Tell in Norwegian why a file could not be opened or read; what the system says where we have no words for it."""
    match error:
        case FileNotFoundError():
            return "den finnes ikke; sjekk stedet og navnet"
        case PermissionError():
            return "du har ikke lov til å lese den"
        case IsADirectoryError():
            return "det er en mappe, ikke en fil"
        case _:
            return error.strerror or "ukjent feil"
