-- Guards of triggers that were dropped, or changed, are given back: a session that adds, uses and drops guards again and again
-- does not grow.  
\i test/tap/lib.sql
SELECT plan(3);

CREATE TABLE visit (patient text, npi text, dos date, claim text, code text, units numeric);
CREATE INDEX ON visit (patient, npi, dos);
SELECT claim_source_add('v', 'visit', columns => '{"patient": "patient", "provider": "npi", "dos": "dos", "claim_id": "claim", "code": "code", "units": "units"}') \g /dev/null

-- CALL cycles(n): each a transaction of its own
CREATE PROCEDURE cycles(n int) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM claim_guard_add('v', action => (ARRAY['reject', 'annotate', 'quarantine'])[1 + i % 3]);
		INSERT INTO visit VALUES ('P' || i, 'N', '2024-08-01', 'C', '99213', 1);
		PERFORM claim_guard_drop('v');
		DELETE FROM visit;
		COMMIT;
	END LOOP;
END $$;
CREATE FUNCTION held(OUT guards bigint, OUT bytes numeric) LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE m.name = 'claimline guard'), sum(m.total_bytes) FROM pg_backend_memory_contexts m
$$;

CALL cycles(20);
SELECT bytes AS before FROM held() \gset
CALL cycles(210);
SELECT cmp_ok(guards, '<=', 2::bigint, 'guards are not kept') FROM held();
SELECT cmp_ok(bytes, '<', (:before + 500000)::numeric, '210 times added, used and dropped: the session does not grow') FROM held();
-- a guard that is changed
SELECT claim_guard_add('v') \g /dev/null
INSERT INTO visit VALUES ('P1', 'N', '2024-08-01', 'D', '99213', 1);
UPDATE claim_policy SET note = note || '.' WHERE name = 'medicare';
INSERT INTO visit VALUES ('P2', 'N', '2024-08-01', 'D', '99213', 1);
UPDATE claim_policy SET note = note || '.' WHERE name = 'medicare';
INSERT INTO visit VALUES ('P3', 'N', '2024-08-01', 'D', '99213', 1);
SELECT cmp_ok(guards, '<=', 2::bigint, 'nor what it was before') FROM held();
SELECT * FROM finish();
