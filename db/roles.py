"""The two roles that policies name. They belong to the server, not to one database, so they may be there already."""

ROLES = """
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['platon_app', 'platon_system'] LOOP
    BEGIN EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
    EXECUTE format('GRANT %I TO %I', name, current_user);
  END LOOP;
END $$
"""
