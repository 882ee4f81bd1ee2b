-- The netting of a day in SQL, written from the words of doc/rules.md: rows of the days n, and what becomes of each

CREATE TABLE r (n int, i int, claim_id text, line_no int, line claimline, net text, left_units numeric);
CREATE INDEX ON r (n);
CREATE PROCEDURE net_of(which int) LANGUAGE plpgsql AS $$
DECLARE
	near int;
	likeness int;
	rev r;
	back r;
BEGIN
	-- the same row again
	UPDATE r SET net = 'copy' WHERE n = which AND EXISTS (SELECT FROM r o WHERE o.n = which AND o.i < r.i AND o.claim_id = r.claim_id AND o.line_no = r.line_no AND o.line = r.line);
	FOR near IN 1 .. 3 LOOP FOR likeness IN 1 .. 4 LOOP
		FOR rev IN SELECT * FROM r WHERE n = which AND net IS NULL AND line_reversal(line) ORDER BY line, claim_id COLLATE "C" NULLS LAST, line_no NULLS LAST LOOP
			SELECT * INTO back FROM r o WHERE o.n = which AND o.net IS NULL AND NOT line_reversal(o.line)
				AND line_code(o.line) = line_code(rev.line) AND line_dos(o.line) IS NOT DISTINCT FROM line_dos(rev.line)
				AND ARRAY(SELECT unnest(line_modifiers(o.line)) ORDER BY 1) = ARRAY(SELECT unnest(line_modifiers(rev.line)) ORDER BY 1)
				AND CASE near WHEN 1 THEN o.claim_id = rev.claim_id AND o.line_no = rev.line_no WHEN 2 THEN o.claim_id = rev.claim_id ELSE true END
				AND CASE likeness WHEN 1 THEN o.left_units = line_units(o.line) AND o.line::text || ' reversal' = rev.line::text
					WHEN 2 THEN o.left_units = line_units(rev.line) AND coalesce(line_start(o.line) = line_start(rev.line), true) AND coalesce(line_minutes(o.line) = line_minutes(rev.line), true)
						AND (line_dx(o.line) = line_dx(rev.line) OR line_dx(o.line) = '{}' OR line_dx(rev.line) = '{}')
					WHEN 3 THEN o.left_units = line_units(rev.line)
					ELSE o.left_units >= line_units(rev.line) AND line_units(rev.line) > 0 END
				ORDER BY o.line, o.claim_id COLLATE "C" NULLS LAST, o.line_no NULLS LAST, o.i LIMIT 1;
			CONTINUE WHEN NOT FOUND;
			UPDATE r SET net = 'reversal' WHERE n = which AND i = rev.i;
			UPDATE r SET left_units = left_units - line_units(rev.line), net = CASE WHEN left_units = line_units(rev.line) THEN 'back' END WHERE n = which AND i = back.i;
		END LOOP;
	END LOOP; END LOOP;
END $$;
