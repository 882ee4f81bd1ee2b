-- The three stores of the mix :name; see generate.sql.
\set ordered :name _ordered
\set arrived :name _arrived
\set parted :name _parted
\set made :name _made
\warn generate: :name: in provider-day order
DROP TABLE IF EXISTS bench.:"ordered", bench.:"arrived", bench.:"parted";
BEGIN;
CREATE TABLE bench.:"ordered" AS
SELECT *, claimline(code => code, modifiers => ARRAY[mod1, mod2, mod3, mod4], units => units, minutes => minutes, dos => dos,
	dx => ARRAY[dx1, dx2]) AS line
FROM bench.:"made" ORDER BY patient_id, npi, dos, claim_id, line_no;
CREATE INDEX ON bench.:"ordered" (patient_id, npi, dos);
COMMIT;
\warn generate: :name: as they arrive
BEGIN;
CREATE TABLE bench.:"arrived" (LIKE bench.:"ordered");
INSERT INTO bench.:"arrived" SELECT * FROM bench.:"ordered" ORDER BY hashtextextended(claim_id, line_no);
COMMIT;
\warn generate: :name: in partitions
BEGIN;
CREATE TABLE bench.:"parted" (LIKE bench.:"ordered") PARTITION BY HASH (patient_id);
SELECT format('CREATE TABLE bench.%I PARTITION OF bench.%I FOR VALUES WITH (MODULUS 4, REMAINDER %s)', :'parted' || '_' || n, :'parted', n)
FROM generate_series(0, 3) n \gexec
INSERT INTO bench.:"parted" SELECT * FROM bench.:"ordered";
CREATE INDEX ON bench.:"parted" (patient_id, npi, dos);
COMMIT;
VACUUM ANALYZE bench.:"ordered";
VACUUM ANALYZE bench.:"arrived";
VACUUM ANALYZE bench.:"parted";
