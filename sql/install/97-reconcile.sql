
-- the loop closed: what was found beside what payers said of it

CREATE FUNCTION claimline_internal.claim_paid_table(s claimline_internal.claim_source, payments regclass)
		RETURNS regclass
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	found CONSTANT regclass := coalesce(payments, (SELECT p.oid FROM pg_class r JOIN pg_class p
		ON p.relnamespace = r.relnamespace AND p.relname = 'claim_file_payment' WHERE r.oid = s.relation));
	lacks CONSTANT text := claimline_internal.claim_files_lack(found, '{file,ordinal}',
		'@extschema@.claim_file_payment');
BEGIN
	IF found IS NULL THEN
		RETURN NULL;
	END IF;
	IF lacks IS NOT NULL THEN
		RAISE EXCEPTION 'relation % is not one of payments', found USING ERRCODE = 'wrong_object_type',
			DETAIL = format('It lacks %s.', lacks),
			HINT = 'It needs the columns of claim_payments_of_835, the number of the file and that of the '
				'row in it: claim_files_create makes one.';
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_paid_table(claimline_internal.claim_source, regclass) IS
	'part of claim_reconcile: the payments of a source: those given, else claim_file_payment beside its '
	'relation; null where there is none; raises an error for a relation that lacks columns of payments';

CREATE FUNCTION claimline_internal.claim_paid_known(source text, policy text, payments regclass,
		OUT s claimline_internal.claim_source, OUT remitted regclass)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	hidden text;
BEGIN
	PERFORM claimline_internal.claim_findings_known(source, policy);
	s := claimline_internal.claim_source_known(source);
	remitted := claimline_internal.claim_paid_table(s, payments);
	IF remitted IS NULL THEN
		RAISE EXCEPTION 'claim source "%" has no payments', source USING ERRCODE = 'undefined_table',
			DETAIL = 'There is no table claim_file_payment beside its relation.',
			HINT = 'Load 835 files with claimline-load into its schema, or give the argument "payments".';
	END IF;
	SELECT string_agg(r::text, ', ') INTO hidden FROM unnest(ARRAY[s.relation, remitted]) r
		WHERE NOT has_any_column_privilege(r, 'SELECT');
	IF hidden IS NOT NULL THEN
		RAISE EXCEPTION 'payments of claim source "%" are not yours to read', source
			USING ERRCODE = 'insufficient_privilege', DETAIL = 'They are compared with its claims, line by '
				'line: who was granted the findings needs the right to read the tables, too.',
				HINT = format('GRANT SELECT ON %s TO %I;', hidden, current_user);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_paid_known(text, text, regclass) IS
	'part of claim_reconcile: the source and the table of its payments; raises an error for what is not '
	'there or not the caller''s to read';

CREATE TYPE claimline_internal.claim_paid_said AS (
	line claimline_internal.claim_paid_line,
	nth bigint,
	answer claimline_internal.claim_paid_answer
);
COMMENT ON TYPE claimline_internal.claim_paid_said IS
	'part of claim_reconcile: a line, which of those that are alike, and the last word about it';

CREATE FUNCTION claimline_internal.claim_paid_last(s claimline_internal.claim_source, payments regclass)
		RETURNS SETOF claimline_internal.claim_paid_said
	LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100000
	SET search_path = pg_catalog, pg_temp
	SET enable_nestloop = off
	SET jit = off
	SET work_mem = '64MB'
	AS $$
	WITH pair AS MATERIALIZED (
		SELECT p.line, p.answer, (p.answer).event, (p.answer).payer, coalesce((p.line).n, -dense_rank() OVER (
			ORDER BY (p.line).n IS NULL, (p.answer).claim_id, (p.answer).line_control, (p.answer).code,
				(p.answer).modifiers, (p.answer).dos)) AS key
		FROM claimline_internal.claim_paid_pairs(s, payments) p
	), told AS (
		-- a line may be paid in parts
		SELECT p.key, p.event, p.payer, max((p.answer).n) AS n, min(array_position(
				'{"first payer","second payer","third payer"}', (p.answer).status)) AS rank,
			(array_agg((p.answer).state ORDER BY array_position(
				'{denied,"taken back",paid,unclear,open}', (p.answer).state)))[1] AS state,
			min((p.answer).claim_id) AS claim_id, min((p.answer).payer_claim_id) AS payer_claim_id,
			min((p.answer).line_control) AS line_control, min((p.answer).code) AS code,
			min((p.answer).modifiers) AS modifiers, min((p.answer).dos) AS dos,
			min((p.answer).paid_on) AS paid_on, bool_and((p.answer).of_claim) AS of_claim,
			sum((p.answer).charge) AS charge, sum((p.answer).paid) AS paid, sum((p.answer).denied) AS denied,
			string_to_array(string_agg(array_to_string((p.answer).carc, ' '), ' '), ' ') AS carc,
			string_to_array(string_agg(array_to_string((p.answer).rarc, ' '), ' '), ' ') AS rarc
		FROM pair p WHERE p.event IS NOT NULL GROUP BY p.key, p.event, p.payer
	), last AS (
		-- of the payer who comes first, and answered first, the last word
		SELECT DISTINCT ON (t.key) t.* FROM (
			SELECT t.*, coalesce(min(t.rank) OVER payer, 1) AS place, min(t.n) OVER payer AS since
			FROM told t WINDOW payer AS (PARTITION BY t.key, t.payer)) t
		ORDER BY t.key, t.place, t.since, t.state = 'open', t.n DESC
	), line AS (
		SELECT p.key, p.line, row_number() OVER (PARTITION BY (p.line).day_key, (p.line).claim_id,
			(p.line).line_no, (p.line).line ORDER BY p.key) AS nth
		FROM (SELECT DISTINCT ON (p.key) p.key, p.line FROM pair p ORDER BY p.key) p
	)
	SELECT l.line, l.nth, CASE WHEN t.key IS NOT NULL THEN ROW(t.n, t.event, t.of_claim, t.claim_id,
		t.line_control, t.code, t.modifiers, t.dos, t.payer, t.payer_claim_id, t.paid_on, NULL, t.state,
		t.charge, t.paid, t.denied, CASE WHEN t.state = 'denied' THEN
			ARRAY(SELECT DISTINCT c FROM unnest(t.carc) c ORDER BY c) END, CASE WHEN t.state = 'denied' THEN
			ARRAY(SELECT DISTINCT c FROM unnest(t.rarc) c ORDER BY c) END
		)::claimline_internal.claim_paid_answer END
	FROM line l LEFT JOIN last t ON t.key = l.key
$$;
COMMENT ON FUNCTION claimline_internal.claim_paid_last(claimline_internal.claim_source, regclass) IS
	'part of claim_reconcile: each line of a source once, and each service paid that is none of them, with '
	'the last word about it: of the payer who comes first by the status of the claim, '
	'in the order of payment';

CREATE FUNCTION claimline_internal.claim_paid_predicted(source text, policy text, at_least claim_severity,
		OUT day_key uuid, OUT claim_id text, OUT line_no int, OUT line claimline, OUT nth bigint,
		OUT rules text[], OUT severity claim_severity) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 10000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT f.day_key, f.claim_id, f.line_no, f.line, f.nth, array_agg(DISTINCT f.rule), max(f.severity)
	FROM (SELECT f.day_key, btrim((f.finding).claim_id) AS claim_id, (f.finding).line_no, f.line,
			(f.finding).rule, (f.finding).severity, dense_rank() OVER (PARTITION BY f.day_key,
				(f.finding).claim_id, (f.finding).line_no, f.line ORDER BY f.place) AS nth
		FROM claimline_internal.claim_scan_finding f
		WHERE f.source = claim_paid_predicted.source AND f.policy = claim_paid_predicted.policy
			AND f.closed_at IS NULL AND (f.finding).severity >= at_least) f
	GROUP BY f.day_key, f.claim_id, f.line_no, f.line, f.nth
$$;
COMMENT ON FUNCTION claimline_internal.claim_paid_predicted(text, text, claim_severity) IS
	'part of claim_reconcile: lines with open findings from a severity on; '
	'nth: which of those that are alike';

CREATE FUNCTION claimline_internal.claim_reconcile_all(source text, policy text, payments regclass,
		at_least claim_severity,
		OUT outcome text, OUT claim_id text, OUT line_no int, OUT line claimline, OUT patient text,
		OUT provider text, OUT dos date, OUT month date, OUT payer text, OUT charge numeric, OUT paid numeric,
		OUT denied numeric, OUT rules text[], OUT severity claim_severity, OUT carc text[], OUT rarc text[],
		OUT covered_by text[], OUT agrees boolean, OUT payer_claim_id text, OUT paid_on date)
		RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 10000
	SET search_path = pg_catalog, pg_temp
	SET enable_nestloop = off
	SET jit = off
	AS $$
	WITH known AS MATERIALIZED (
		SELECT k.* FROM claimline_internal.claim_paid_known(source, policy, payments) k
	), reason AS MATERIALIZED (
		SELECT d.* FROM claimline_internal.claim_denial_rules() d
	), said AS (
		SELECT l.line AS l, l.answer AS a, (l.line).n IS NOT NULL AS is_here, p.rules, p.severity,
			coalesce((l.answer).state, 'open') AS state, CASE WHEN (l.answer).state = 'denied' THEN
				ARRAY(SELECT DISTINCT r.rule FROM unnest((l.answer).carc) c JOIN reason d
						ON d.carc = split_part(c, '-', 2), unnest(d.rules) r(rule)) END AS covered_by
		FROM known k CROSS JOIN LATERAL claimline_internal.claim_paid_last(k.s, k.remitted) l
			LEFT JOIN claimline_internal.claim_paid_predicted(source, policy, at_least) p
				ON p.day_key = (l.line).day_key AND p.nth = l.nth
				AND p.claim_id IS NOT DISTINCT FROM (l.line).claim_id
				AND p.line_no IS NOT DISTINCT FROM (l.line).line_no
				AND coalesce(p.line OPERATOR(@extschema@.=) (l.line).line,
					num_nulls(p.line, (l.line).line) = 2)
	)
	SELECT CASE WHEN NOT s.is_here THEN s.state || ', not in the source'
			WHEN s.rules IS NULL AND s.state = 'denied' THEN 'denied and not predicted'
			WHEN s.rules IS NULL THEN 'not predicted, ' || s.state
			WHEN s.state = ANY ('{denied,paid}') THEN 'predicted and ' || s.state ELSE 'undecided' END,
		coalesce((s.l).claim_id, (s.a).claim_id), (s.l).line_no, (s.l).line, (s.l).patient, (s.l).provider,
		coalesce((s.l).dos, (s.a).dos),
		claimline_internal.claim_scan_month(coalesce((s.l).dos, (s.a).dos)),
		coalesce((s.l).payer, NULLIF((s.a).payer, '')), coalesce((s.l).charge, (s.a).charge),
		CASE WHEN NOT (s.a).of_claim THEN (s.a).paid END,
		CASE WHEN s.state = 'denied' THEN CASE WHEN coalesce((s.a).paid, 0) = 0
			THEN coalesce((s.l).charge, (s.a).charge) ELSE (s.a).denied END END,
		s.rules, s.severity, CASE WHEN s.state = 'denied' THEN (s.a).carc END,
		CASE WHEN s.state = 'denied' THEN NULLIF((s.a).rarc, '{}') END, s.covered_by,
		CASE WHEN s.state = 'denied' AND s.rules IS NOT NULL THEN s.rules && s.covered_by END,
		(s.a).payer_claim_id, (s.a).paid_on
	FROM said s
$$;
COMMENT ON FUNCTION claimline_internal.claim_reconcile_all(text, text, regclass, claim_severity) IS
	'part of claim_reconcile: its rows, and those of lines of which nothing was predicted and that were not '
	'denied';

CREATE FUNCTION claim_reconcile(source text, policy text = 'medicare', payments regclass = NULL,
		at_least claim_severity = 'deny',
		OUT outcome text, OUT claim_id text, OUT line_no int, OUT line claimline, OUT patient text,
		OUT provider text, OUT dos date, OUT month date, OUT payer text, OUT charge numeric, OUT paid numeric,
		OUT denied numeric, OUT rules text[], OUT severity claim_severity, OUT carc text[], OUT rarc text[],
		OUT covered_by text[], OUT agrees boolean, OUT payer_claim_id text, OUT paid_on date)
		RETURNS SETOF record
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED ROWS 10000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT r.* FROM claimline_internal.claim_reconcile_all(source, policy, payments, at_least) r
	WHERE r.outcome = ANY ('{predicted and denied,predicted and paid,denied and not predicted,undecided,'
		'"denied, not in the source"}') AND at_least IS NOT NULL AND source IS NOT NULL AND policy IS NOT NULL
	ORDER BY r.claim_id, r.line_no, r.outcome
$$;
COMMENT ON FUNCTION claim_reconcile(text, text, regclass, claim_severity) IS
	'findings of a source by a policy, from a severity on, beside what payers said: a row a line that has '
	'findings or was denied; outcome: predicted and denied, predicted and paid, denied and not predicted, '
	'undecided (nothing that counts was said yet), and denied, not in the source; covered_by: the rules that '
	'the payer''s codes say the same as; payments: a table as claim_file_payment, by default that beside the '
	'relation of the source. None for another null; raises an error for a source, policy or table that does '
	'not exist or is not the caller''s to read';

CREATE TYPE claimline_internal.claim_paid_kind AS (
	outcome text,
	rules text[],
	covered_by text[],
	lines bigint
);
COMMENT ON TYPE claimline_internal.claim_paid_kind IS
	'part of claim_reconcile_rules: how many lines have an outcome, rules, and rules that the payer''s codes '
	'say the same as';

CREATE FUNCTION claimline_internal.claim_paid_rules(kinds claimline_internal.claim_paid_kind[],
		OUT rule text, OUT family text, OUT title text, OUT lines bigint, OUT denied bigint, OUT paid bigint,
		OUT undecided bigint, OUT agreed bigint, OUT missed bigint) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 40
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT c.rule, c.family, c.title, k.lines, k.denied, k.paid, k.undecided, k.agreed, k.missed
	FROM (
		SELECT u.rule,
			coalesce(sum(k.lines) FILTER (WHERE u.found), 0)::bigint AS lines,
			coalesce(sum(k.lines) FILTER (WHERE u.found AND k.outcome = 'predicted and denied'), 0)::bigint
				AS denied,
			coalesce(sum(k.lines) FILTER (WHERE u.found AND k.outcome = 'predicted and paid'), 0)::bigint
				AS paid,
			coalesce(sum(k.lines) FILTER (WHERE u.found AND k.outcome = 'undecided'), 0)::bigint AS undecided,
			coalesce(sum(k.lines) FILTER (WHERE u.found AND k.outcome = 'predicted and denied'
				AND u.rule = ANY (k.covered_by)), 0)::bigint AS agreed,
			coalesce(sum(k.lines) FILTER (WHERE NOT u.found), 0)::bigint AS missed
		FROM unnest(kinds) k, LATERAL (SELECT unnest(k.rules), true
			UNION ALL SELECT unnest(k.covered_by), false WHERE k.outcome = 'denied and not predicted'
			) u(rule, found)
		GROUP BY u.rule
	) k JOIN (SELECT c.*, row_number() OVER () AS n FROM @extschema@.claim_rules() c) c ON c.rule = k.rule
	ORDER BY c.n
$$;
COMMENT ON FUNCTION claimline_internal.claim_paid_rules(claimline_internal.claim_paid_kind[]) IS
	'part of claim_reconcile_rules: its rows';

CREATE FUNCTION claim_reconcile_rules(source text, policy text = 'medicare', payments regclass = NULL,
		at_least claim_severity = 'deny',
		OUT rule text, OUT family text, OUT title text, OUT lines bigint, OUT denied bigint, OUT paid bigint,
		OUT undecided bigint, OUT agreed bigint, OUT missed bigint) RETURNS SETOF record
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED ROWS 40
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT r.* FROM claimline_internal.claim_paid_rules(ARRAY(
		SELECT ROW(r.outcome, r.rules, r.covered_by, count(*))::claimline_internal.claim_paid_kind
		FROM @extschema@.claim_reconcile(source, policy, payments, at_least) r
		GROUP BY r.outcome, r.rules, r.covered_by)) r
$$;
COMMENT ON FUNCTION claim_reconcile_rules(text, text, regclass, claim_severity) IS
	'claim_reconcile by rule: lines that it found, of them denied, paid and undecided; agreed: denied by a '
	'code that says the same as the rule; missed: denied by such a code where nothing was predicted. '
	'Precision is denied / (denied + paid), recall agreed / (agreed + missed). A line counts for each of its '
	'rules. Nulls and errors as claim_reconcile';
