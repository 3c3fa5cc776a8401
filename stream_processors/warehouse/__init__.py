"""The PostgreSQL warehouse: the only importer of psycopg."""
