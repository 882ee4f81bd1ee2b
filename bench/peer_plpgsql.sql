-- The rival in PL/pgSQL, a provider-day at a time, and the row trigger made of it; peers.sql has what they read.

CREATE INDEX ON bench.peer_pairs (column_1, column_2);
ANALYZE bench.peer_pairs;
DROP FUNCTION IF EXISTS bench.judge_day;
DROP TYPE IF EXISTS bench.peer_line, bench.peer_finding;
CREATE TYPE bench.peer_line AS (claim_id text, line_no int, code text, modifiers text[], units int, minutes int, dx1 text, dx2 text,
	timed boolean, em boolean, most int, mai int);
CREATE TYPE bench.peer_finding AS (claim_id text, line_no int, rule text, severity text, with_claim_id text, with_line_no int);

-- The lines of a day in canonical order, each with what the tables say of its code.  In canonical order lines of a code are neighbours.
-- planned once, not for every day
CREATE FUNCTION bench.judge_day(dos date, day bench.peer_line[]) RETURNS SETOF bench.peer_finding LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	n CONSTANT int := cardinality(day);
	lines bench.peer_line[] := day;
	distinct_59 text[];
	opens text[];
	l bench.peer_line;
	o bench.peer_line;
	pair record;
	codes text[] := '{}';
	starts int[] := '{}';		-- where each code's lines start
	total int;
	off int;
	least_off int := 0;
	most_off int := 0;
	total_off int := 0;
	discipline text[];			-- of each line
	stated text[] := '{}';
	i int;
	j int;
	k int;
	first int;
	closed int;
	-- of a pool of minutes
	pool text;
	service int[];				-- of each line, null where it is not in the pool
	n_services int;
	last_code text;
	unknown boolean;
	s_minutes int[];
	s_billed int[];
	s_unknown boolean[];
	allowed int[];
	share int[];
	given boolean[];
	remaining int;
	best int;
BEGIN
	FOR i IN 1..n LOOP
		l := lines[i];
		IF l.code IS DISTINCT FROM last_code THEN
			last_code := l.code;
			codes := codes || l.code;
			starts := starts || i;
		END IF;
		IF l.timed THEN
			off := coalesce(15 * l.units - l.minutes, 99);
			IF off <> 0 THEN
				least_off := least(least_off, off);
				most_off := greatest(most_off, off);
				total_off := total_off + off;
			END IF;
			IF l.modifiers && '{GP,GO,GN}' THEN
				FOREACH pool IN ARRAY l.modifiers LOOP
					IF pool IN ('GP', 'GO', 'GN') THEN
						discipline[i] := pool;
						EXIT;
					END IF;
				END LOOP;
				IF pool <> ALL (stated) THEN
					stated := stated || pool;
				END IF;
			END IF;
		END IF;
		IF cardinality(l.modifiers) > 1 THEN
			FOR k IN 2..cardinality(l.modifiers) LOOP
				IF l.modifiers[k] = ANY (l.modifiers[:k - 1]) THEN
					RETURN NEXT (l.claim_id, l.line_no, 'mod-repeated', 'deny', NULL, NULL)::bench.peer_finding;
				END IF;
			END LOOP;
		END IF;
	END LOOP;
	starts := starts || n + 1;

	FOR k IN 1..cardinality(codes) LOOP
		-- unit limits
		l := lines[starts[k]];
		IF l.most IS NOT NULL THEN
			total := l.units;
			FOR i IN starts[k] + 1..starts[k + 1] - 1 LOOP
				total := total + lines[i].units;
			END LOOP;
			IF total > l.most THEN
				FOR i IN starts[k]..starts[k + 1] - 1 LOOP
					o := lines[i];
					IF o.units > 0 AND (l.mai > 1 OR o.units > l.most) THEN
						RETURN NEXT (o.claim_id, o.line_no, CASE l.mai WHEN 1 THEN 'mue-line' ELSE 'mue-day' END, 'deny', NULL, NULL)::bench.peer_finding;
					END IF;
				END LOOP;
			END IF;
		END IF;
		CONTINUE WHEN starts[k + 1] = starts[k] + 1;

		-- a code on several lines
		FOR i IN starts[k]..starts[k + 1] - 1 LOOP
			l := lines[i];
			CONTINUE WHEN l.units = 0;
			IF l.timed AND dos >= '2021-04-19' THEN
				FOR j IN starts[k]..starts[k + 1] - 1 LOOP
					o := lines[j];
					IF j <> i AND o.units > 0 AND coalesce(discipline[i] = discipline[j], true)
						AND substring(array_to_string(l.modifiers, '-') FROM 'CQ|CO') IS NOT DISTINCT FROM substring(array_to_string(o.modifiers, '-') FROM 'CQ|CO') THEN
						RETURN NEXT (l.claim_id, l.line_no, 'units-split-lines', 'deny', o.claim_id, o.line_no)::bench.peer_finding;
						EXIT;
					END IF;
				END LOOP;
			END IF;
			IF NOT l.modifiers && '{76,77,91}' THEN
				first := NULL;		-- that it duplicates, if not exactly
				closed := NULL;		-- exactly
				FOR j IN starts[k]..i - 1 LOOP
					o := lines[j];
					IF o.units = l.units AND o.modifiers @> l.modifiers AND o.modifiers <@ l.modifiers THEN
						first := coalesce(first, j);
						IF (l.dx1 = o.dx1 AND l.dx2 IS NOT DISTINCT FROM o.dx2 OR l.dx1 IS NULL OR o.dx1 IS NULL) AND coalesce(l.minutes = o.minutes, true) THEN
							closed := j;
							EXIT;
						END IF;
					END IF;
				END LOOP;
				IF first IS NOT NULL THEN
					o := lines[coalesce(closed, first)];
					RETURN NEXT (l.claim_id, l.line_no, 'duplicate', CASE WHEN closed IS NULL THEN 'review' ELSE 'deny' END, o.claim_id, o.line_no)::bench.peer_finding;
				END IF;
			END IF;
		END LOOP;
	END LOOP;

	-- pairs of codes
	IF cardinality(codes) > 1 THEN
		FOR pair IN SELECT array_position(codes, column_1) AS one, array_position(codes, column_2) AS two, indicator FROM bench.peer_pairs
			WHERE column_1 = ANY (codes) AND column_2 = ANY (codes) AND indicator < 9
				AND dos BETWEEN coalesce(effective, '-infinity') AND coalesce(deletion, 'infinity') LOOP
			distinct_59 := CASE WHEN dos >= '2015-01-01' THEN '{59,XE,XP,XS,XU}' ELSE '{59}' END;
			opens := distinct_59 || '{24,27,57,58,78,79,91,E1,E2,E3,E4,FA,F1,F2,F3,F4,F5,F6,F7,F8,F9,TA,T1,T2,T3,T4,T5,T6,T7,T8,T9,LT,RT,LC,LD,RC,LM,RI}'::text[];
			first := NULL;			-- billed line of column one
			closed := NULL;			-- that opens nothing by itself
			FOR i IN starts[pair.one]..starts[pair.one + 1] - 1 LOOP
				o := lines[i];
				CONTINUE WHEN o.units = 0;
				first := coalesce(first, i);
				IF pair.indicator = 0 OR NOT (dos >= '2019-07-01' AND o.modifiers && distinct_59 OR o.em AND '25' = ANY (o.modifiers)) THEN
					closed := i;
					EXIT;
				END IF;
			END LOOP;
			CONTINUE WHEN first IS NULL;
			FOR i IN starts[pair.two]..starts[pair.two + 1] - 1 LOOP
				l := lines[i];
				IF l.units = 0 THEN
					CONTINUE;
				ELSIF closed IS NULL OR pair.indicator = 1 AND (l.modifiers && opens OR l.em AND '25' = ANY (l.modifiers)) THEN
					o := lines[first];
					RETURN NEXT (l.claim_id, l.line_no, 'ptp-bypassed', 'info', o.claim_id, o.line_no)::bench.peer_finding;
				ELSE
					o := lines[closed];
					RETURN NEXT (l.claim_id, l.line_no, 'ptp', 'deny', o.claim_id, o.line_no)::bench.peer_finding;
				END IF;
			END LOOP;
		END LOOP;
	END IF;

	-- Units and minutes.  Nothing to find where each line is less than a unit off, all together less than half of one, and no
	-- line with one unit more has a smaller remainder than one without.
	IF (least_off = 0 AND most_off = 0) OR (least_off >= -14 AND most_off <= 14 AND most_off - least_off <= 15 AND total_off BETWEEN -7 AND 7
			AND cardinality(stated) < 2 AND cardinality(codes) = n) THEN
		RETURN;
	END IF;
	FOREACH pool IN ARRAY stated || ''::text LOOP
		service := array_fill(NULL::int, ARRAY[n]);
		n_services := 0;
		last_code := NULL;
		s_minutes := '{}';
		s_billed := '{}';
		s_unknown := '{}';
		allowed := '{}';
		total := 0;
		FOR i IN 1..n LOOP
			l := lines[i];
			CONTINUE WHEN l.timed IS NOT TRUE OR coalesce(discipline[i], CASE cardinality(stated) WHEN 1 THEN stated[1] ELSE '' END) <> pool;
			IF l.code IS DISTINCT FROM last_code THEN
				n_services := n_services + 1;
				last_code := l.code;
				s_minutes[n_services] := 0;
				s_billed[n_services] := 0;
				s_unknown[n_services] := false;
			END IF;
			service[i] := n_services;
			s_minutes[n_services] := s_minutes[n_services] + coalesce(l.minutes, 0);
			s_billed[n_services] := s_billed[n_services] + l.units;
			s_unknown[n_services] := s_unknown[n_services] OR l.minutes IS NULL;
			total := total + coalesce(l.minutes, 0);
		END LOOP;
		CONTINUE WHEN n_services = 0;
		unknown := true = ANY (s_unknown);
		remaining := (total + 7) / 15;
		FOR k IN 1..n_services LOOP
			allowed[k] := s_minutes[k] / 15;
			remaining := remaining - allowed[k];
		END LOOP;
		given := array_fill(false, ARRAY[n_services]);
		WHILE remaining > 0 LOOP
			best := NULL;
			FOR k IN 1..n_services LOOP
				IF NOT given[k] AND s_minutes[k] % 15 > 0 AND (best IS NULL
					OR (s_minutes[k] % 15, s_billed[k] > s_minutes[k] / 15) > (s_minutes[best] % 15, s_billed[best] > s_minutes[best] / 15)) THEN
					best := k;
				END IF;
			END LOOP;
			given[best] := true;
			allowed[best] := allowed[best] + 1;
			remaining := remaining - 1;
		END LOOP;

		FOR k IN 1..n_services LOOP
			IF unknown THEN
				FOR i IN 1..n LOOP
					CONTINUE WHEN service[i] IS DISTINCT FROM k;
					l := lines[i];
					IF l.units = 0 THEN
						CONTINUE;
					ELSIF NOT s_unknown[k] AND s_billed[k] > s_minutes[k] / 15 + (s_minutes[k] % 15 > 0)::int THEN
						RETURN NEXT (l.claim_id, l.line_no, 'units-minutes', 'deny', NULL, NULL)::bench.peer_finding;
					ELSIF l.minutes IS NULL OR s_billed[k] > s_minutes[k] / 15 THEN
						RETURN NEXT (l.claim_id, l.line_no, 'units-unknown', 'unknown', NULL, NULL)::bench.peer_finding;
					END IF;
				END LOOP;
			ELSIF s_billed[k] <> allowed[k] THEN
				-- the lines of the code share its units
				share := array_fill(0, ARRAY[n]);
				remaining := allowed[k];
				FOR i IN 1..n LOOP
					IF service[i] = k THEN
						share[i] := lines[i].minutes / 15;
						remaining := remaining - share[i];
					END IF;
				END LOOP;
				given := array_fill(false, ARRAY[n]);
				WHILE remaining > 0 LOOP
					best := NULL;
					FOR i IN 1..n LOOP
						IF service[i] = k AND NOT given[i] AND lines[i].minutes % 15 > 0
							AND (best IS NULL OR lines[i].minutes % 15 > lines[best].minutes % 15) THEN
							best := i;
						END IF;
					END LOOP;
					given[best] := true;
					share[best] := share[best] + 1;
					remaining := remaining - 1;
				END LOOP;
				remaining := abs(s_billed[k] - allowed[k]);
				FOR i IN 1..n LOOP
					CONTINUE WHEN service[i] IS DISTINCT FROM k;
					l := lines[i];
					off := (l.units - share[i]) * sign(s_billed[k] - allowed[k])::int;
					IF off > 0 AND remaining > 0 THEN
						remaining := remaining - off;
						IF s_billed[k] > allowed[k] THEN
							RETURN NEXT (l.claim_id, l.line_no, 'units-minutes', 'deny', NULL, NULL)::bench.peer_finding;
						ELSE
							RETURN NEXT (l.claim_id, l.line_no, 'units-underbilled', 'info', NULL, NULL)::bench.peer_finding;
						END IF;
					END IF;
				END LOOP;
			END IF;
		END LOOP;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION bench.query_plpgsql(store text, mix text) RETURNS text LANGUAGE sql STABLE
RETURN replace($q$
SELECT f.* FROM (
	SELECT dos, array_agg((claim_id, line_no, code, modifiers, units, minutes, dx1, dx2, timed, em, most, mai)::bench.peer_line
		ORDER BY code, modifiers COLLATE "C", units, minutes NULLS FIRST, dx1 COLLATE "C" NULLS FIRST, dx2 COLLATE "C" NULLS FIRST, claim_id COLLATE "C", line_no) AS day
	FROM (
		SELECT l.*, array_remove(ARRAY[mod1, mod2, mod3, mod4], NULL) AS modifiers, c.timed, c.em, m.units AS most, m.mai
		FROM STORE l LEFT JOIN bench.peer_codes c USING (code)
		LEFT JOIN bench.peer_limits m ON m.code = l.code AND l.dos BETWEEN coalesce(m.effective, '-infinity') AND coalesce(m.deletion, 'infinity')) l
	GROUP BY patient_id, npi, dos) d, bench.judge_day(d.dos, d.day) f
$q$, 'STORE', store);

-- the guard: a row trigger that judges the day of its row; its statement names the table, so that it is planned once

CREATE OR REPLACE PROCEDURE bench.guard_row(guarded regclass) LANGUAGE plpgsql AS $p$
BEGIN
	EXECUTE format($f$
CREATE OR REPLACE FUNCTION bench.guard_row_%2$s() RETURNS trigger LANGUAGE plpgsql AS $g$
DECLARE
	finding record;
BEGIN
	%1$s
	IF FOUND THEN
		RAISE EXCEPTION 'line %% of claim %% is denied: %%', finding.line_no, finding.claim_id, finding.rule USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $g$;
CREATE OR REPLACE TRIGGER guard_row AFTER INSERT OR UPDATE ON %3$s FOR EACH ROW EXECUTE FUNCTION bench.guard_row_%2$s()$f$,
		replace(bench.query_plpgsql('(SELECT * FROM ' || guarded || ' WHERE (patient_id, npi, dos) = (NEW.patient_id, NEW.npi, NEW.dos))', ''),
			'SELECT f.*', 'SELECT f.* INTO finding') || $w$ WHERE f.severity = 'deny' LIMIT 1;$w$,
		guarded::oid, guarded);
END $p$;
