-- What the tests of presets begin with, after lib.sql

CREATE SCHEMA layouts;
SELECT set_config('search_path', 'layouts, ' || current_setting('search_path'), true) \g /dev/null

-- what the view of a source must show: the key of the row, the day that it belongs to, and its line or its error
CREATE TABLE expected (source text, claim_id text, line_no int, day text, line text, error text, charge numeric);

-- columns that must not be null get what loaders write where there is nothing
CREATE PROCEDURE load_defaults(tab regclass) LANGUAGE plpgsql AS $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT a.attname, t.typcategory AS kind FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = tab AND a.attnum > 0 AND a.attnotnull LOOP
        EXECUTE format('ALTER TABLE %s ALTER %I SET DEFAULT %L', tab, c.attname, CASE c.kind WHEN 'S' THEN '' WHEN 'N' THEN '0' ELSE '0001-01-01' END);
    END LOOP;
END $$;

-- the findings of days, sorted
CREATE FUNCTION findings(days claimday[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' | ', e.claim_id, e.line_no, e.rule, e.severity, e.message, e.with_claim_id, e.with_line_no, e.suggestion, e.carc, e.rarc)
    FROM unnest(days) d(day), claim_edits(d.day) e
$$;

CREATE FUNCTION check_source(src text, row_count bigint, worst text = 'deny') RETURNS SETOF text LANGUAGE plpgsql AS $f$
DECLARE
    v text := (SELECT view::text FROM claimline_internal.claim_source WHERE name = src);
BEGIN
    RETURN NEXT ok((SELECT count(*) FROM expected e WHERE e.source = src) >= row_count, src || ': rows enough');
    RETURN NEXT results_eq(format('SELECT claim_id, line_no, line::text, line_error, charge FROM %s ORDER BY 1, 2, 3, 4', v),
        format('SELECT claim_id, line_no, line, error, charge FROM expected WHERE source = %L ORDER BY 1, 2, 3, 4', src), src || ': each row has its line or its error');
    RETURN NEXT is((SELECT count(*) FROM expected e WHERE e.source = src AND (e.line IS NULL OR e.line ~ ' unread=') = (e.error IS NULL)), 0::bigint, src || ': a line or an error, or a line without what has one');
    RETURN NEXT results_eq(format('SELECT CASE kind WHEN ''netted'' THEN ''line'' ELSE kind END, sum("rows"), sum(charge) FROM claim_source_quality(%L) WHERE kind <> ''left out'' GROUP BY 1 ORDER BY 1', src),
        format('SELECT CASE WHEN line IS NULL THEN ''line-invalid'' WHEN error IS NULL THEN ''line'' ELSE ''line-partial'' END AS kind, count(*)::numeric, sum(charge) FROM expected WHERE source = %L GROUP BY 1 ORDER BY 1', src),
        src || ': and is counted');
    EXECUTE format('CREATE TEMP TABLE found ON COMMIT DROP AS SELECT findings(array_agg(day)) AS f FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient, provider, dos) d', v);
    RETURN NEXT results_eq('SELECT f FROM found ORDER BY f COLLATE "C"',
        format('SELECT f FROM (SELECT findings(array_agg(day)) AS f FROM (SELECT claimday(claim_id, line_no, line::claimline) AS day FROM expected WHERE source = %L GROUP BY day) d) x ORDER BY f COLLATE "C"', src),
        src || ': the findings of its days are those of the lines by hand');
    RETURN NEXT ok((SELECT count(*) FILTER (WHERE f LIKE '%| ' || worst || ' |%') > 3 AND count(*) FILTER (WHERE f LIKE '%line-invalid%') > 1 FROM found), format('%s: there is %s, and invalid lines', src, worst));
    DROP TABLE found;
END $f$;

-- say of the lines of a source what their diagnoses are of: the only one of a claim is that of its lines
CREATE FUNCTION pointers(src text, whose text) RETURNS void LANGUAGE sql AS $$
    UPDATE expected SET line = regexp_replace(line, '( unread=.*| reversal)?$', ' dxof=' || whose || '\1') WHERE source = src AND line ~ CASE whose WHEN 'first' THEN ' dx=' ELSE ' dx=[^ ]*,' END;
$$;

-- put the columns c0, c1 ... of the rows into those of a table, and what they are to be into expected
CREATE FUNCTION load(src text, tab regclass, cols text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM rows_%s ORDER BY n', tab, (SELECT string_agg(quote_ident(c), ', ' ORDER BY i) FROM unnest(cols) WITH ORDINALITY u(c, i)),
        (SELECT string_agg(format('c%s::%s', i - 1, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY i) FROM unnest(cols) WITH ORDINALITY u(c, i)
            JOIN pg_attribute a ON a.attrelid = tab AND a.attname = c), src);
    EXECUTE format('INSERT INTO expected SELECT %L, x_claim, x_line, x_day, x_text, x_error, x_charge FROM rows_%s WHERE NOT x_out', src, src);
END $$;

-- what a source leaves out, and how many rows of each kind
CREATE FUNCTION left_out(src text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(q."rows" || ' ' || q.what, '; ' ORDER BY q.what COLLATE "C") FROM claim_source_quality(src) q WHERE q.kind = 'left out'
$$;
