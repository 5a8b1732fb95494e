-- Two roles: platon_app sees the market and one company; platon_system sees all. Neither owns a table.

GRANT USAGE ON SCHEMA public, queue TO platon_app, platon_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, queue TO platon_system;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public, queue TO platon_app, platon_system;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM platon_system;
GRANT SELECT ON alembic_version TO platon_app;

-- The application may enqueue and look at the queue; only the worker takes from it.
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA queue TO platon_app;

-- A company's own rows.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['users','invitations','addresses','labels','dismissals','leads','subscriptions',
                              'subscription_recipients','alerts','alert_attempts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY company ON %I TO platon_app
        USING (company_id = nullif(current_setting(''app.company_id'', true), '''')::bigint)', name);
    EXECUTE format('CREATE POLICY everything ON %I TO platon_system USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO platon_app', name);
  END LOOP;

  -- The market's rows, and a company's private ones among them.
  FOREACH name IN ARRAY ARRAY['sources','posts','post_revisions','listings','listing_technologies','appearances'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY market ON %I TO platon_app USING (company_id IS NULL
        OR company_id = nullif(current_setting(''app.company_id'', true), '''')::bigint)', name);
    EXECUTE format('CREATE POLICY everything ON %I TO platon_system USING (true)', name);
    EXECUTE format('GRANT SELECT ON %I TO platon_app', name);
  END LOOP;
END $$;

GRANT INSERT, UPDATE ON sources TO platon_app;

ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE companies FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON companies TO platon_app
    USING (id = nullif(current_setting('app.company_id', true), '')::bigint);
CREATE POLICY everything ON companies TO platon_system USING (true);
GRANT SELECT ON companies TO platon_app;

-- The installation's own. Sessions of Telegram accounts stay with the system role.
GRANT SELECT (id, created_at, status, sha256, report, promoted_at) ON model_versions TO platon_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON dialog_states TO platon_app;
GRANT SELECT, INSERT, UPDATE ON heartbeats TO platon_app;
GRANT SELECT (id, created_at, name, telegram_id, problem, problem_detail, seen_at) ON telegram_accounts TO platon_app;

CREATE FUNCTION stamp_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.changed_xid := pg_current_xact_id()::text::bigint; RETURN NEW; END $$;
CREATE TRIGGER stamp_transaction BEFORE INSERT OR UPDATE ON subscriptions
    FOR EACH ROW EXECUTE FUNCTION stamp_transaction();
