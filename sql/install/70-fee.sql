
-- what the Medicare physician fee schedule pays: figures in tables, each row with its source

CREATE TYPE claim_setting AS ENUM ('office', 'institution');
COMMENT ON TYPE claim_setting IS
	'who is paid: office, a practitioner or therapist in private practice; '
	'institution, a hospital, SNF, CORF or agency paid by the fee schedule';

-- A row of the user's own (shipped false) goes before a shipped one of the same date; only those are dumped.

CREATE TABLE claim_rvu (
	code text NOT NULL CHECK (code ~ '^[0-9A-Z]{5}$'),
	valid_from date NOT NULL,
	valid_to date CHECK (valid_to >= valid_from),
	work numeric NOT NULL CHECK (work >= 0.0),
	practice numeric NOT NULL CHECK (practice >= 0.0),
	malpractice numeric NOT NULL CHECK (malpractice >= 0.0),
	status text NOT NULL CHECK (status ~ '^[A-Z]$'),
	multiple_procedure text NOT NULL CHECK (multiple_procedure ~ '^[0-9]$'),
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (code, valid_from, shipped)
);
COMMENT ON TABLE claim_rvu IS
	'relative value units of a code by date of service, '
	'both dates included (no end: null): work, practice expense outside a facility, malpractice; '
	'status and multiple procedure indicator of the CMS relative value file';

CREATE TABLE claim_conversion_factor (
	valid_from date NOT NULL,
	valid_to date CHECK (valid_to >= valid_from),
	factor numeric NOT NULL CHECK (factor > 0.0),
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (valid_from, shipped)
);
COMMENT ON TABLE claim_conversion_factor IS
	'dollars for one relative value unit by date of service, both dates included (no end: null)';

CREATE TABLE claim_multiple_procedure (
	valid_from date NOT NULL,
	valid_to date CHECK (valid_to >= valid_from),
	setting claim_setting NOT NULL,
	reduction numeric NOT NULL CHECK (reduction BETWEEN 0.0 AND 1.0),
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (setting, valid_from, shipped)
);
COMMENT ON TABLE claim_multiple_procedure IS
	'the part (0 to 1) by which the practice expense of later therapy units of a day is cut, by date '
	'of service, both dates included (no end: null), and setting; where no row is in force nothing is cut';

CREATE TABLE claim_fee_modifier (
	modifier text NOT NULL CHECK (modifier ~ '^[0-9A-Z]{2}$'),
	valid_from date NOT NULL,
	valid_to date CHECK (valid_to >= valid_from),
	share numeric NOT NULL CHECK (share BETWEEN 0.0 AND 1.0),
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (modifier, valid_from, shipped)
);
COMMENT ON TABLE claim_fee_modifier IS
	'the share (0 to 1) of the fee that is paid for a line with a modifier, by date of service, '
	'both dates included (no end: null)';

ALTER TABLE claim_rvu OWNER TO @extowner@;
ALTER TABLE claim_conversion_factor OWNER TO @extowner@;
ALTER TABLE claim_multiple_procedure OWNER TO @extowner@;
ALTER TABLE claim_fee_modifier OWNER TO @extowner@;
GRANT SELECT ON claim_rvu, claim_conversion_factor, claim_multiple_procedure, claim_fee_modifier TO PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('claim_rvu', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('claim_conversion_factor', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('claim_multiple_procedure', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('claim_fee_modifier', 'WHERE NOT shipped');

CREATE FUNCTION claimline_internal.claim_shipped_frozen() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE EXCEPTION 'shipped rows of table "%" cannot be changed or deleted', TG_TABLE_NAME
		USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'Insert a row of your own, which goes before the shipped one; '
				'DELETE ... WHERE NOT shipped removes those.';
END
$$;
COMMENT ON FUNCTION claimline_internal.claim_shipped_frozen() IS
	'trigger: refuses changes of shipped rows, which a dump would lose';

CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_rvu
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_rvu
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_conversion_factor
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_conversion_factor
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_multiple_procedure
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_multiple_procedure
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_fee_modifier
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_fee_modifier
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();

-- the rule by itself: figures in, figures out, in relative value units or in money

CREATE FUNCTION multiple_procedure(work numeric[], practice numeric[], malpractice numeric[],
		units numeric[], reduction numeric,
		OUT line_no int, OUT line_work numeric, OUT line_practice numeric,
		OUT line_malpractice numeric, OUT total numeric)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
BEGIN ATOMIC
	SELECT l.n::int, l.w * l.u, l.paid, l.m * l.u, l.w * l.u + l.paid + l.m * l.u
	FROM (
		-- one unit, that of the highest practice expense, is paid in full
		SELECT p.n, p.w, p.m, p.u,
			p.p * (p.u - (p.u - CASE WHEN p.place = 1 THEN least(p.u, 1.0) ELSE 0.0 END)
				* multiple_procedure.reduction) AS paid
		FROM (
			SELECT a.w, a.p, a.m, a.u, a.n,
				pg_catalog.row_number() OVER (ORDER BY a.u > 0.0 DESC NULLS LAST, a.p DESC NULLS LAST,
					a.w + a.p + a.m DESC NULLS LAST, a.n) AS place
			FROM ROWS FROM (pg_catalog.unnest(multiple_procedure.work),
				pg_catalog.unnest(multiple_procedure.practice),
				pg_catalog.unnest(multiple_procedure.malpractice),
				pg_catalog.unnest(multiple_procedure.units)) WITH ORDINALITY a(w, p, m, u, n)
		) p
	) l
	ORDER BY l.n;
END;
COMMENT ON FUNCTION multiple_procedure(numeric[], numeric[], numeric[], numeric[], numeric) IS
	'the multiple procedure payment reduction over the services of a day: '
	'in, for each service, work, practice expense and malpractice of one unit, and its units; '
	'reduction is the part (0 to 1) cut from practice expense after the one unit with the highest; '
	'out, by position, each service''s three amounts and their total for all its units, not rounded; '
	'relative value units or money, as given; nulls where an element is null or missing (CMS CR 7050)';

-- the fees of a day

CREATE FUNCTION claimline_internal.claim_priced_lines(day claimday, setting claim_setting,
		work_gpci numeric, practice_gpci numeric, malpractice_gpci numeric,
		OUT claim_id text, OUT line_no int, OUT line claimline, OUT n bigint, OUT dos date, OUT units numeric,
		OUT practice numeric, OUT multiple_procedure text, OUT why text, OUT reduction numeric,
		OUT full_unit numeric, OUT reduced_unit numeric, OUT share numeric)
	RETURNS SETOF record
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	WITH lines AS (
		SELECT d.claim_id, d.line_no, d.line, d.n,
			@extschema@.line_code(d.line) AS code, @extschema@.line_dos(d.line) AS dos,
			@extschema@.line_units(d.line) AS units
		FROM @extschema@.day_lines(claim_priced_lines.day) WITH ORDINALITY d(claim_id, line_no, line, n)
		OFFSET 0	-- computed once
	)
	SELECT l.claim_id, l.line_no, l.line, l.n, l.dos, l.units, r.practice, r.multiple_procedure,
		w.why, p.reduction,
		CASE WHEN w.why IS NULL THEN
			pg_catalog.round((r.work * claim_priced_lines.work_gpci
				+ r.practice * claim_priced_lines.practice_gpci
				+ r.malpractice * claim_priced_lines.malpractice_gpci) * c.factor, 2)
		END AS full_unit,
		CASE WHEN w.why IS NULL THEN
			pg_catalog.round((r.work * claim_priced_lines.work_gpci
				+ r.practice * claim_priced_lines.practice_gpci * (1.0 - p.reduction)
				+ r.malpractice * claim_priced_lines.malpractice_gpci) * c.factor, 2)
		END AS reduced_unit,
		(SELECT coalesce(pg_catalog.min(s.share), 1.0)
			FROM (
				SELECT DISTINCT ON (f.modifier) f.share FROM @extschema@.claim_fee_modifier f
				WHERE f.modifier = ANY (@extschema@.line_modifiers(l.line))
					AND f.valid_from <= l.dos AND (f.valid_to IS NULL OR l.dos <= f.valid_to)
				ORDER BY f.modifier, f.shipped, f.valid_from DESC
			) s) AS share
	FROM lines l
	LEFT JOIN LATERAL (
		SELECT v.work, v.practice, v.malpractice, v.status, v.multiple_procedure FROM @extschema@.claim_rvu v
		WHERE v.code = l.code AND v.valid_from <= l.dos AND (v.valid_to IS NULL OR l.dos <= v.valid_to)
		ORDER BY v.shipped, v.valid_from DESC LIMIT 1
	) r ON true
	LEFT JOIN LATERAL (
		SELECT v.factor FROM @extschema@.claim_conversion_factor v
		WHERE v.valid_from <= l.dos AND (v.valid_to IS NULL OR l.dos <= v.valid_to)
		ORDER BY v.shipped, v.valid_from DESC LIMIT 1
	) c ON true
	CROSS JOIN LATERAL (
		SELECT coalesce((
			SELECT v.reduction FROM @extschema@.claim_multiple_procedure v
			WHERE v.setting OPERATOR(pg_catalog.=) claim_priced_lines.setting
				AND v.valid_from <= l.dos AND (v.valid_to IS NULL OR l.dos <= v.valid_to)
			ORDER BY v.shipped, v.valid_from DESC LIMIT 1), 0.0)
	) p(reduction)
	CROSS JOIN LATERAL (
		SELECT CASE
			WHEN l.line IS NULL THEN 'no line'
			WHEN l.units = 0.0 THEN 'no units billed'
			WHEN l.dos IS NULL THEN 'no date of service'
			WHEN r.status IS NULL
				THEN pg_catalog.format('no relative value units for %s on %s',
					l.code, pg_catalog.to_char(l.dos, 'YYYY-MM-DD'))
			WHEN r.status = 'B' THEN 'status B: bundled into other services'
			WHEN r.status = 'C' THEN 'status C: the contractor sets the price'
			WHEN r.status = 'I' THEN 'status I: not valid for Medicare'
			WHEN r.status = 'N' THEN 'status N: not covered by Medicare'
			WHEN r.status <> 'A' AND r.status <> 'R'
				THEN pg_catalog.format('status %s: not priced here', r.status)
			WHEN r.work + r.practice + r.malpractice = 0.0
				THEN pg_catalog.format(
					'status %s without relative value units: the contractor sets the price', r.status)
			WHEN c.factor IS NULL
				THEN pg_catalog.format('no conversion factor on %s', pg_catalog.to_char(l.dos, 'YYYY-MM-DD'))
			WHEN claim_priced_lines.setting IS NULL THEN 'no setting'
			WHEN (claim_priced_lines.work_gpci >= 0.0 AND claim_priced_lines.practice_gpci >= 0.0
					AND claim_priced_lines.malpractice_gpci >= 0.0) IS NOT TRUE
				THEN 'a geographic index is missing or negative'
		END
	) w(why);
END;
COMMENT ON FUNCTION claimline_internal.claim_priced_lines(claimday, claim_setting, numeric,
		numeric, numeric) IS
	'part of day_fees: each line of a day with the price of one unit, '
	'in full and with its practice expense reduced, or why it has none';

CREATE FUNCTION day_fees(day claimday, setting claim_setting = 'office',
		work_gpci numeric = 1, practice_gpci numeric = 1, malpractice_gpci numeric = 1,
		OUT claim_id text, OUT line_no int, OUT line claimline, OUT fee numeric, OUT full_fee numeric,
		OUT reduction numeric, OUT assistant_reduction numeric, OUT why text)
	RETURNS SETOF record
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	WITH priced AS (
		SELECT * FROM claimline_internal.claim_priced_lines(day_fees.day, day_fees.setting,
			day_fees.work_gpci, day_fees.practice_gpci, day_fees.malpractice_gpci) p
		OFFSET 0	-- here and below: computed once
	), ranked AS (
		-- of the always-therapy units of a date, one is paid in full:
		-- the highest practice expense, then the highest amount
		SELECT p.claim_id, p.line_no, p.line, p.n, p.units, p.share, p.why, p.full_unit, p.reduced_unit,
			CASE
				WHEN p.multiple_procedure <> '5' THEN p.units
				WHEN pg_catalog.row_number() OVER (PARTITION BY p.dos
					ORDER BY p.multiple_procedure = '5' AND p.full_unit IS NOT NULL DESC,
						p.practice DESC, p.full_unit DESC, p.share DESC, p.n) = 1
					THEN least(p.units, 1.0)
				ELSE 0.0
			END AS full_units
		FROM priced p
		OFFSET 0
	), summed AS (
		SELECT k.claim_id, k.line_no, k.line, k.n, k.share, k.why,
			CASE WHEN k.units = 0.0 THEN 0.00 ELSE pg_catalog.round(k.full_unit * k.units, 2) END AS full_fee,
			CASE WHEN k.units = 0.0 THEN 0.00
				ELSE pg_catalog.round(k.full_unit * k.full_units
					+ k.reduced_unit * (k.units - k.full_units), 2) END AS reduced_fee
		FROM ranked k
		OFFSET 0
	)
	SELECT s.claim_id, s.line_no, s.line, pg_catalog.round(s.reduced_fee * s.share, 2), s.full_fee,
		s.full_fee - s.reduced_fee, s.reduced_fee - pg_catalog.round(s.reduced_fee * s.share, 2), s.why
	FROM summed s ORDER BY s.n;
END;
COMMENT ON FUNCTION day_fees(claimday, claim_setting, numeric, numeric, numeric) IS
	'what the Medicare physician fee schedule allows for each line of a day, in dollars: '
	'full_fee for its units; '
	'reduction, the cut of practice expense after the unit with the highest on the date; '
	'assistant_reduction, the cut for CQ and CO; fee, what is left; '
	'each unit is rounded to the cent; amounts are null where there is no fee, and why says the reason; '
	'a line of 0 units is 0.00; geographic indexes of 1 are the national amount; no rows for a null day; '
	'findings play no part (CMS relative value files, CR 7050, s. 1834(v) SSA)';

CREATE FUNCTION day_fee(day claimday, setting claim_setting = 'office',
		work_gpci numeric = 1, practice_gpci numeric = 1, malpractice_gpci numeric = 1) RETURNS numeric
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN pg_catalog.bool_and(f.fee IS NOT NULL) THEN pg_catalog.sum(f.fee) END
	FROM @extschema@.day_fees(day_fee.day, day_fee.setting,
		day_fee.work_gpci, day_fee.practice_gpci, day_fee.malpractice_gpci) f;
END;
COMMENT ON FUNCTION day_fee(claimday, claim_setting, numeric, numeric, numeric) IS
	'the sum of the fees of a day''s lines, in dollars, as in day_fees; '
	'null where a line has no fee (day_fees says why) and for a null day';

CREATE FUNCTION line_fee(line claimline, setting claim_setting = 'office',
		work_gpci numeric = 1, practice_gpci numeric = 1, malpractice_gpci numeric = 1) RETURNS numeric
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
BEGIN ATOMIC
	SELECT f.fee
	FROM @extschema@.day_fees(@extschema@.claimday(ARRAY[line_fee.line]), line_fee.setting,
		line_fee.work_gpci, line_fee.practice_gpci, line_fee.malpractice_gpci) f;
END;
COMMENT ON FUNCTION line_fee(claimline, claim_setting, numeric, numeric, numeric) IS
	'the fee of a line that is alone on its date, in dollars, as in day_fees: its second unit on is reduced; '
	'null where it has no fee and for a null line';
