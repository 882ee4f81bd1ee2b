-- A database of release 0.1.0 whose owner, and an analyst, have laid out what the update would run.

CREATE SCHEMA claims;
CREATE EXTENSION claimline SCHEMA claims;
GRANT USAGE ON SCHEMA claims TO analyst;
CREATE TABLE ran (what text, by_role text DEFAULT current_user);
GRANT INSERT ON ran TO PUBLIC;
-- in tables that shipped rows are deleted from and inserted into
CREATE FUNCTION on_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TRIGGER hostile AFTER INSERT OR DELETE ON claim_rvu FOR EACH STATEMENT EXECUTE FUNCTION on_row();
CREATE TRIGGER hostile AFTER INSERT OR DELETE ON claim_policy FOR EACH STATEMENT EXECUTE FUNCTION on_row();
CREATE TABLE below () INHERITS (claim_preset);
INSERT INTO below VALUES ('tuva', 'map', 'code', 1, NULL, 'code', NULL, NULL, '-', true);
CREATE TRIGGER hostile AFTER DELETE ON below FOR EACH ROW EXECUTE FUNCTION on_row();
-- in the schema of the extension, operators and functions that fit better than those of the server
CREATE FUNCTION equals(oid, regclass) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran VALUES ('operator'); RETURN $1 = $2::oid; END $$;
CREATE OPERATOR claims.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = equals);
CREATE FUNCTION claims.format(text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran VALUES ('function'); RETURN pg_catalog.format($1, $2); END $$;
CREATE FUNCTION claims.replace(text, text, varchar) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran VALUES ('function'); RETURN $1; END $$;
-- in a mapping: a constant runs the checks of its type where it is parsed
CREATE FUNCTION checked(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran VALUES ('constant'); RETURN true; END $$;
CREATE DOMAIN constant AS text CHECK (checked(VALUE));
CREATE TABLE line (person text, code text);
SELECT claim_source_add('constant', 'line', columns => '{"patient": "person", "code": {"expression": "(''{97124}''::public.constant[])[1] || code"}}');
SELECT claim_source_add('ours', 'line', columns => '{"patient": "person", "code": "code", "referral": {"value": true}}');
TRUNCATE ran;
CREATE SCHEMA theirs;
GRANT ALL ON SCHEMA theirs TO analyst;
GRANT SELECT ON line TO analyst;
