"""The ground: tables, sessions, the job queue, migrations."""
