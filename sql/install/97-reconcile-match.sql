
-- lines of a source and the payments that answer them

CREATE TYPE claimline_internal.claim_paid_line AS (
	n bigint,
	day_key uuid,
	patient text,
	provider text,
	dos date,
	claim_id text,
	line_no int,
	line claimline,
	charge numeric,
	code text,
	modifiers text[],
	line_control text,
	payer text
);
COMMENT ON TYPE claimline_internal.claim_paid_line IS
	'part of claim_reconcile: a line of a source, with what a payment names it by; modifiers in order';

CREATE TYPE claimline_internal.claim_paid_answer AS (
	n bigint,
	event bigint,
	of_claim boolean,
	claim_id text,
	line_control text,
	code text,
	modifiers text[],
	dos date,
	payer text,
	payer_claim_id text,
	paid_on date,
	status text,
	state text,
	charge numeric,
	paid numeric,
	denied numeric,
	carc text[],
	rarc text[]
);
COMMENT ON TYPE claimline_internal.claim_paid_answer IS
	'part of claim_reconcile: what a payer says of a service, or of a claim without services (of_claim); '
	'n: in the order of payment; event: one claim of one remittance; status: what its status means; state: '
	'paid, denied, taken back, unclear or open; carc, rarc: of the denial';

CREATE FUNCTION claimline_internal.claim_paid_lines(s claimline_internal.claim_source)
		RETURNS SETOF claimline_internal.claim_paid_line
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 100000
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 'v');
	more CONSTANT text := (SELECT string_agg(coalesce('t.' || quote_ident(a.attname), 'NULL')
			|| '::text AS more_' || w.col, ', ')
		FROM unnest('{line_control,payer}'::text[]) w(col) LEFT JOIN pg_attribute a
			ON a.attrelid = s.relation AND a.attname = w.col AND NOT a.attisdropped);
BEGIN
	RETURN QUERY EXECUTE format('SELECT row_number() OVER (ORDER BY v.claim_id, v.line_no, '
			'v.more_line_control, @extschema@.claimline_hash_extended(v.line, 0)), %s, %s, %s, v.dos, '
			'btrim(v.claim_id), v.line_no, v.line, %s, '
			'coalesce(@extschema@.line_code(v.line), upper(v.code)), '
			'ARRAY(SELECT m FROM unnest(@extschema@.line_modifiers(v.line)) m ORDER BY m COLLATE "C"), '
			'NULLIF(btrim(v.more_line_control), ''''), NULLIF(btrim(v.more_payer), '''') FROM (%s) v',
		claimline_internal.claim_scan_key_sql(s, 'v.patient', 'v.provider', 'v.dos'), k.patient, k.provider,
		CASE WHEN s.mapping -> 'fields' ? 'charge' THEN 'v.charge::numeric' ELSE 'NULL::numeric' END,
		@extschema@.claim_source_select(s.name, NULL, more));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_paid_lines(claimline_internal.claim_source) IS
	'part of claim_reconcile: the lines of a source; line_control and payer are columns of its relation of '
	'these names, null where it has none';

CREATE FUNCTION claimline_internal.claim_paid_word(field text, words text[]) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT w.meaning FROM @extschema@.claim_payment_word w
WHERE w.field = claim_paid_word.field AND w.word = ANY (words)
ORDER BY array_position(words, w.word), w.shipped LIMIT 1
$$;
COMMENT ON FUNCTION claimline_internal.claim_paid_word(text, text[]) IS
	'part of claim_reconcile: what the first of some words means that means anything; null for none';

CREATE FUNCTION claimline_internal.claim_paid_answers(payments regclass)
		RETURNS SETOF claimline_internal.claim_paid_answer
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 100000
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET work_mem = '64MB'
	AS $body$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH place AS MATERIALIZED (
			-- a claim begins with its first service, or with what is said of all of it
			SELECT p.*, lag(p.segment) OVER w IS NULL OR CASE p.kind
					WHEN 'claim' THEN (lag(p.kind) OVER w, lag(p.segment) OVER w) <> ('claim', p.segment)
					ELSE p.service_no = 1 AND lag(p.segment) OVER w <> p.segment
						AND NOT (lag(p.kind) OVER w = 'claim'
							AND lag(p.trace) OVER w IS NOT DISTINCT FROM p.trace
							AND lag(p.claim_id) OVER w IS NOT DISTINCT FROM p.claim_id
							AND lag(p.claim_status) OVER w IS NOT DISTINCT FROM p.claim_status) END AS begins
			FROM %s p WHERE p.kind = ANY ('{service,claim}')
			WINDOW w AS (PARTITION BY p.file ORDER BY p.ordinal)
		), meant AS MATERIALIZED (
			SELECT DISTINCT p.adjustment_group, p.carc FROM place p WHERE p.carc IS NOT NULL
		), reason AS MATERIALIZED (
			SELECT m.*, claimline_internal.claim_paid_word('adjustment',
				ARRAY[upper(m.adjustment_group || '-' || m.carc), upper(m.carc)]) AS meaning FROM meant m
		), status AS MATERIALIZED (
			SELECT c.claim_status, claimline_internal.claim_paid_word('status', ARRAY[upper(c.claim_status)])
				AS status FROM (SELECT DISTINCT p.claim_status FROM place p) c
		), adjusted AS MATERIALIZED (
			SELECT p.file, p.segment, sum(p.amount) FILTER (WHERE r.meaning = 'denial') AS denied,
				bool_or(r.meaning = 'denial' AND p.amount IS NULL) IS TRUE
					OR count(*) FILTER (WHERE r.meaning = 'denial') > 0 AND min(p.charge) = 0 AS of_nothing,
				bool_or(r.meaning = 'pending') IS TRUE AS pending, bool_or(r.meaning IS NULL) AS unknown,
				array_agg(concat_ws('-', p.adjustment_group, p.carc))
					FILTER (WHERE r.meaning = 'denial') AS carc
			FROM place p JOIN reason r ON r.carc = p.carc
				AND r.adjustment_group IS NOT DISTINCT FROM p.adjustment_group
			GROUP BY p.file, p.segment
		), service AS (
			SELECT p.event, p.file, p.kind, p.ordinal, p.trace, p.rarc, p.claim_rarc, p.payer_claim_id,
				p.paid_on, p.dos, p.charge, p.paid, btrim(p.claim_id) AS claim_id,
				NULLIF(btrim(p.line_control), '') AS line_control,
				upper(coalesce(p.billed_code, p.code)) AS code,
				coalesce(p.billed_modifiers, p.modifiers, '{}') AS modifiers,
				coalesce(p.payer, '') AS payer, s.status, a.denied, a.of_nothing, a.pending, a.unknown, a.carc
			FROM (SELECT p.*, count(*) FILTER (WHERE p.begins) OVER (ORDER BY p.file, p.ordinal) AS event
					FROM place p) p
				LEFT JOIN adjusted a ON a.file = p.file AND a.segment = p.segment
				LEFT JOIN status s ON s.claim_status = p.claim_status
			-- the first adjustment of each
			WHERE coalesce(p.adjustment, 1) = 1
		), told AS (
			-- what is said of the whole claim is said of each service of it that was not paid
			SELECT s.*, count(*) FILTER (WHERE s.kind = 'service') OVER e = 0 AS of_claim,
				(s.denied > 0 OR s.of_nothing) IS TRUE OR s.kind = 'service' AND coalesce(s.paid, 0) = 0
					AND bool_or(s.kind = 'claim' AND s.denied > 0) OVER e IS TRUE AS is_denied,
				CASE WHEN s.kind = 'service' THEN max(s.carc) FILTER (WHERE s.kind = 'claim') OVER e
					END AS more,
				min(s.ordinal) OVER (PARTITION BY s.file, s.trace, s.payer) AS transaction
			FROM service s WINDOW e AS (PARTITION BY s.event)
		)
		SELECT row_number() OVER (ORDER BY t.paid_on NULLS FIRST, t.file, t.transaction,
				t.status IS DISTINCT FROM 'reversal', t.ordinal),
			t.event, t.of_claim, t.claim_id, t.line_control, t.code,
			CASE cardinality(t.modifiers) WHEN 0 THEN '{}' ELSE ARRAY(SELECT upper(m)
				FROM unnest(t.modifiers) m ORDER BY upper(m) COLLATE "C") END, t.dos, t.payer,
			t.payer_claim_id, t.paid_on, t.status, CASE WHEN t.status = 'reversal' THEN 'taken back'
				WHEN t.status = 'no answer' OR t.pending THEN 'open'
				WHEN t.status = 'denied' OR t.is_denied THEN 'denied'
				WHEN t.unknown AND coalesce(t.paid, 0) = 0 THEN 'unclear' ELSE 'paid' END,
			t.charge, t.paid, t.denied, CASE WHEN coalesce(t.paid, 0) = 0 THEN t.carc || t.more
				ELSE t.carc END, coalesce(t.rarc, t.claim_rarc)
		FROM told t WHERE t.kind = 'service' OR t.of_claim$sql$, payments);
END $body$;
COMMENT ON FUNCTION claimline_internal.claim_paid_answers(regclass) IS
	'part of claim_reconcile: the payments of services, a row each, in the order in which they were made: by '
	'date, file and transaction, in one what is taken back before what takes its place';

CREATE TYPE claimline_internal.claim_paid_pair AS (
	line claimline_internal.claim_paid_line,
	answer claimline_internal.claim_paid_answer
);
COMMENT ON TYPE claimline_internal.claim_paid_pair IS
	'part of claim_reconcile: a line and what answers it; one of them is null where there is no other';

CREATE FUNCTION claimline_internal.claim_paid_pairs(s claimline_internal.claim_source, payments regclass)
		RETURNS SETOF claimline_internal.claim_paid_pair
	LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100000
	SET search_path = pg_catalog, pg_temp
	SET enable_nestloop = off
	SET jit = off
	SET work_mem = '64MB'
	AS $$
	WITH line AS MATERIALIZED (
		SELECT l.* FROM claimline_internal.claim_paid_lines(s) l
	), answer AS MATERIALIZED (
		SELECT a.* FROM claimline_internal.claim_paid_answers(payments) a
	), numbered AS MATERIALIZED (
		-- several claims may have one number: that of another code and another date is none of these
		SELECT DISTINCT ON (a.n) a.n AS answer, a.event, l.n AS line
		FROM answer a JOIN line l ON l.claim_id = a.claim_id AND l.line_control = a.line_control
		WHERE NOT a.of_claim AND (l.code = a.code OR l.dos = a.dos) IS NOT FALSE
		ORDER BY a.n, (l.code = a.code AND l.dos = a.dos) IS TRUE DESC, l.n
	), renamed AS MATERIALIZED (
		-- a claim that is not known by its number, but by that of a line that no other has
		SELECT a.n AS answer, a.event, l.n AS line
		FROM answer a JOIN (SELECT l.line_control, min(l.n) AS n, min(l.code) AS code, min(l.dos) AS dos
				FROM line l GROUP BY l.line_control HAVING count(*) = 1) l
			ON l.line_control = a.line_control AND l.code = a.code AND l.dos = a.dos
		WHERE NOT a.of_claim AND NOT EXISTS (SELECT FROM line o WHERE o.claim_id = a.claim_id)
	), rest AS MATERIALIZED (
		SELECT a.* FROM answer a WHERE NOT a.of_claim
			AND NOT EXISTS (SELECT FROM numbered k WHERE k.answer = a.n)
			AND NOT EXISTS (SELECT FROM renamed k WHERE k.answer = a.n)
	), free AS MATERIALIZED (
		SELECT e.event, l.* FROM (SELECT DISTINCT r.event, r.claim_id FROM rest r) e
			JOIN line l ON l.claim_id = e.claim_id
		WHERE NOT EXISTS (SELECT FROM numbered k WHERE k.event = e.event AND k.line = l.n)
	), exact AS MATERIALIZED (
		SELECT a.n AS answer, a.event, l.n AS line
		FROM (SELECT r.*, row_number() OVER (PARTITION BY r.event, r.code, r.modifiers, r.dos ORDER BY r.n)
					AS nth FROM rest r) a
			JOIN (SELECT f.*, row_number() OVER (PARTITION BY f.event, f.code, f.modifiers, f.dos
					ORDER BY f.n) AS nth FROM free f) l USING (event, code, modifiers, dos, nth)
	), loose AS (
		SELECT a.n AS answer, a.event, l.n AS line
		FROM (SELECT r.*, row_number() OVER (PARTITION BY r.event, r.code, r.dos ORDER BY r.n) AS nth
				FROM rest r WHERE NOT EXISTS (SELECT FROM exact k WHERE k.answer = r.n)) a
			JOIN (SELECT f.*, row_number() OVER (PARTITION BY f.event, f.code, f.dos ORDER BY f.n) AS nth
				FROM free f WHERE NOT EXISTS (SELECT FROM exact k
					WHERE k.event = f.event AND k.line = f.n)) l USING (event, code, dos, nth)
	), pair AS MATERIALIZED (
		TABLE numbered UNION ALL TABLE renamed UNION ALL TABLE exact UNION ALL TABLE loose
		UNION ALL
		SELECT a.n, a.event, l.n FROM answer a JOIN line l ON l.claim_id = a.claim_id WHERE a.of_claim
	)
	SELECT l::claimline_internal.claim_paid_line, a::claimline_internal.claim_paid_answer
	FROM line l FULL JOIN (answer a LEFT JOIN pair p ON p.answer = a.n) ON l.n = p.line
$$;
COMMENT ON FUNCTION claimline_internal.claim_paid_pairs(claimline_internal.claim_source, regclass) IS
	'part of claim_reconcile: lines and the payments that answer them: by claim and line control number, '
	'else by claim, code, modifiers and date, else without modifiers; of several that are alike the first '
	'with the first; a claim without services answers all of its lines';
