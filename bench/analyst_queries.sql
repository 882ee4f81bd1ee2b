-- The measured statements over one store; see analyst.sql.
CALL pg_temp.measure(:'store', :'plan', 'count, sum', format(
	'SELECT count(*) FROM (SELECT count(*), sum(units) FROM %I GROUP BY patient_id, npi, dos) d', :'store'));
CALL pg_temp.measure(:'store', :'plan', 'array_agg', format(
	'SELECT count(*) FROM (SELECT array_agg(line) AS lines FROM %I GROUP BY patient_id, npi, dos) d WHERE lines IS NOT NULL', :'store'));
CALL pg_temp.measure(:'store', :'plan', 'claimday', format(
	'SELECT count(*) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %I GROUP BY patient_id, npi, dos) d WHERE day IS NOT NULL', :'store'));
CALL pg_temp.measure(:'store', :'plan', 'claim_passes', format(
	'SELECT count(*) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %I GROUP BY patient_id, npi, dos OFFSET 0) d WHERE NOT claim_passes(day)', :'store'));
CALL pg_temp.measure(:'store', :'plan', 'analyst''s query', format(
	'SELECT count(e.message) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %I GROUP BY patient_id, npi, dos) d, claim_edits(d.day, ruleset(''medicare'')) e', :'store'));
CALL pg_temp.measure(:'store', :'plan', 'in the select list', format(
	'SELECT count((e).message) FROM (SELECT claim_edits(day, ruleset(''medicare'')) AS e FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %I GROUP BY patient_id, npi, dos) d OFFSET 0) x', :'store'));
