-- A guarded table of claim lines, and its days that have a denial; for the tests of guards under concurrency.
-- Another kind of table may be there already.
CREATE TABLE IF NOT EXISTS claims (patient text, provider text, dos date, claim_id text, line_no serial, code text, modifier text, units numeric, minutes int, dx text);
CREATE INDEX IF NOT EXISTS claims_day ON claims (patient, provider, dos);
SELECT claim_source_add('claims', 'claims', columns => jsonb_build_object('patient', 'patient', 'provider', 'provider', 'dos', 'dos', 'claim_id', 'claim_id',
	'line_no', 'line_no', 'code', 'code', 'modifiers', 'modifier', 'units', 'units', 'minutes', 'minutes', 'dx', 'dx'));
SELECT claim_guard_add('claims');
CREATE VIEW denied AS
	SELECT d.patient, d.provider, d.dos, e.rule FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
		claim_edits(d.day) e WHERE e.severity = 'deny';
