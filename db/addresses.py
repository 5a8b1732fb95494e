"""A database's address as others than SQLAlchemy take it."""

from sqlalchemy.engine import make_url


def for_tools(url: str) -> dict[str, str]:
    """Environment variables for PostgreSQL's own programs, from SQLAlchemy's address."""
    address = make_url(url)
    host = address.host or address.query.get("host")
    known = {
        "PGHOST": host,
        "PGPORT": address.port,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
    }
    return {name: str(value) for name, value in known.items() if value}
