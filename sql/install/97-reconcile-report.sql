
-- what payers said, in claim_report

CREATE FUNCTION claimline_internal.claim_report_reconciled(source text, policy text, payments regclass,
		items int) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
	WITH line AS MATERIALIZED (
		SELECT r.outcome, r.payer, r.month, r.rules, r.covered_by, r.carc, r.charge, r.denied,
			r.outcome !~ ', not in the source$' AS is_here,
			r.outcome ~ '(and denied|and paid|and not predicted|, paid)$' AS is_answered
		FROM claimline_internal.claim_reconcile_all(source, policy, payments, 'deny') r
	), summed AS (
		SELECT GROUPING(l.payer, l.month) AS cut, l.payer, l.month,
			count(*) FILTER (WHERE l.is_here) AS lines, sum(l.charge) AS charge,
			count(*) FILTER (WHERE l.is_answered AND l.is_here) AS answered,
			count(*) FILTER (WHERE l.outcome = 'predicted and denied') AS hits,
			sum(l.charge) FILTER (WHERE l.outcome = 'predicted and denied') AS hits_charge,
			count(*) FILTER (WHERE l.outcome = 'predicted and paid') AS paid,
			sum(l.charge) FILTER (WHERE l.outcome = 'predicted and paid') AS paid_charge,
			count(*) FILTER (WHERE l.outcome = 'undecided') AS undecided,
			sum(l.charge) FILTER (WHERE l.outcome = 'undecided') AS undecided_charge,
			count(*) FILTER (WHERE l.outcome = 'denied and not predicted') AS missed,
			sum(l.charge) FILTER (WHERE l.outcome = 'denied and not predicted') AS missed_charge,
			count(*) FILTER (WHERE l.outcome = 'denied, not in the source') AS elsewhere
		FROM line l GROUP BY GROUPING SETS ((), (l.payer), (l.month))
	), said AS (
		SELECT s.cut, s.payer, s.month, s.lines, s.answered, s.elsewhere, jsonb_build_object('lines', s.lines,
			'lines_answered', s.answered, 'lines_predicted_denied', s.hits,
			'charge_predicted_denied',
			claimline_internal.claim_report_amount(s.hits, s.hits_charge, s.charge),
			'lines_predicted_paid', s.paid,
			'charge_predicted_paid',
			claimline_internal.claim_report_amount(s.paid, s.paid_charge, s.charge),
			'lines_undecided', s.undecided, 'charge_undecided',
			claimline_internal.claim_report_amount(s.undecided, s.undecided_charge, s.charge),
			'lines_not_predicted', s.missed, 'charge_not_predicted',
			claimline_internal.claim_report_amount(s.missed, s.missed_charge, s.charge)) AS counts
		FROM summed s
	), code AS (
		SELECT c.carc, count(*) AS lines, sum(l.denied) AS charge,
			(SELECT d.rules FROM claimline_internal.claim_denial_rules() d
				WHERE d.carc = split_part(c.carc, '-', 2)) AS rules
		FROM line l, unnest(l.carc) c(carc) WHERE l.outcome = 'denied and not predicted'
		GROUP BY c.carc ORDER BY 2 DESC, 3 DESC NULLS LAST, 1 LIMIT items
	)
	SELECT jsonb_build_object('relation', payments::text,
		'totals', (SELECT s.counts || jsonb_build_object('lines_denied_elsewhere', s.elsewhere)
			FROM said s WHERE s.cut = 3),
		'rules', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]')
			FROM claimline_internal.claim_paid_rules(ARRAY(
				SELECT ROW(l.outcome, l.rules, l.covered_by, count(*))::claimline_internal.claim_paid_kind
			FROM line l WHERE l.is_here GROUP BY l.outcome, l.rules, l.covered_by)) r),
		'payers', (SELECT coalesce(jsonb_agg(jsonb_build_object('payer', p.payer) || p.counts
				ORDER BY p.answered DESC, p.payer), '[]')
			FROM (SELECT * FROM said s WHERE s.cut = 1 AND s.lines > 0
				ORDER BY s.answered DESC, s.payer LIMIT items) p),
		'months', (SELECT coalesce(jsonb_agg(jsonb_build_object('month', s.month) || s.counts
				ORDER BY s.month NULLS LAST), '[]') FROM said s WHERE s.cut = 2 AND s.lines > 0),
		'not_predicted', (SELECT coalesce(jsonb_agg(to_jsonb(c)
				ORDER BY c.lines DESC, c.charge DESC NULLS LAST, c.carc), '[]') FROM code c))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_reconciled(text, text, regclass, int) IS
	'part of claim_report: claim_reconcile, added up: totals, by rule, payer and month of service, and by '
	'what codes lines were denied of which nothing was predicted';

CREATE FUNCTION claimline_internal.claim_report_payments(source text, policy text, items int) RETURNS jsonb
	LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	remitted regclass;
	is_filled boolean := true;
BEGIN
	remitted := claimline_internal.claim_paid_table(s, NULL);
	IF remitted IS NULL THEN
		RETURN NULL;
	END IF;
	IF has_any_column_privilege(remitted, 'SELECT') THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s)', remitted) INTO is_filled;
	END IF;
	IF NOT is_filled THEN
		RETURN NULL;
	END IF;
	-- what a mapping calls would run with all rights
	IF (SELECT u.rolsuper FROM pg_roles u WHERE u.rolname = current_user)
			AND NOT EXISTS (SELECT FROM pg_roles o WHERE o.oid = s.owner::oid AND o.rolsuper) THEN
		RETURN jsonb_build_object('unread',
			format('a superuser does not read the claims of role %s', s.owner));
	END IF;
	RETURN claimline_internal.claim_report_reconciled(source, policy, remitted, items);
EXCEPTION WHEN insufficient_privilege OR wrong_object_type OR undefined_table OR undefined_column
		OR undefined_object THEN
	RETURN jsonb_build_object('unread', SQLERRM);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_report_payments(text, text, int) IS
	'part of claim_report: what payers said; null where there are no payments beside the relation of the '
	'source, and unread, why, where they cannot be read';
