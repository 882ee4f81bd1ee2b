
-- what payers say: what is a denial, and which rule says the same

CREATE TABLE claim_payment_word (
	field text NOT NULL CHECK (field OPERATOR(pg_catalog.=) ANY ('{adjustment,status}')),
	word text NOT NULL CHECK (word OPERATOR(pg_catalog.=) pg_catalog.upper(word)),
	meaning text NOT NULL CHECK (meaning OPERATOR(pg_catalog.=) ANY (CASE field
		WHEN 'adjustment' THEN '{denial,reduction,patient,"other payer","paid elsewhere",pending}'::text[]
		ELSE '{"first payer","second payer","third payer",denied,reversal,"no answer"}' END)),
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false
);
ALTER TABLE claim_payment_word OWNER TO @extowner@;
GRANT SELECT ON claim_payment_word TO PUBLIC;
COMMENT ON TABLE claim_payment_word IS
	'what adjustments (CARC) and claim statuses (CLP02) of remittances mean to claim_reconcile; rows of your '
	'own, say of what a payer means by CO-45, go before those that are shipped';
SELECT pg_catalog.pg_extension_config_dump('claim_payment_word', 'WHERE NOT shipped');
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_payment_word
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_payment_word
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
ALTER TABLE claim_payment_word REPLICA IDENTITY FULL;

CREATE TABLE claim_denial (
	rule text NOT NULL,
	cause text,
	carc text NOT NULL CHECK (carc OPERATOR(pg_catalog.~) '^[A-Z]{2}-[A-Z0-9]+$'),
	carc_from date,
	carc_to date,
	rarc text,
	rarc_from date,
	rarc_to date,
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false
);
ALTER TABLE claim_denial OWNER TO @extowner@;
GRANT SELECT ON claim_denial TO PUBLIC;
COMMENT ON TABLE claim_denial IS
	'by which codes a payer says what a rule says: those that are shipped are what findings name; rows of '
	'your own tell claim_reconcile by what else your payers say it';
SELECT pg_catalog.pg_extension_config_dump('claim_denial', 'WHERE NOT shipped');
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_denial
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_denial
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
ALTER TABLE claim_denial REPLICA IDENTITY FULL;

CREATE FUNCTION claimline_internal.claim_denial_rules() RETURNS TABLE (carc text, rules text[])
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
	AS $$
-- without its group, which says who pays, and its dates: a code that has ended means what it meant
SELECT d.carc, array_agg(d.rule ORDER BY d.n) FROM (
	SELECT DISTINCT split_part(d.carc, '-', 2) AS carc, d.rule, r.n FROM @extschema@.claim_denial d
		JOIN (SELECT r.rule, row_number() OVER () AS n FROM @extschema@.claim_rules() r) r ON r.rule = d.rule
	) d GROUP BY d.carc
$$;
COMMENT ON FUNCTION claimline_internal.claim_denial_rules() IS
	'part of claim_reconcile: the rules that a claim adjustment reason code says the same as, in their order';
