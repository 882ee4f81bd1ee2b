-- The lines of the first quarter and of the first half of the patients, as generate.sql makes them for so many lines; for bench.sh.
-- Variable mix.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET synchronize_seqscans = off;
SET max_parallel_workers_per_gather = 0;
SELECT format('SELECT 1 + substr(max(patient_id), 2)::int AS patients FROM bench.%s_ordered', :'mix') AS patients \gset
:patients \gset
CREATE TEMP TABLE part AS
SELECT format('bench.%s_%s', :'mix', n.name) AS name, format('bench.%s_%s', :'mix', n.whole) AS whole, 'P' || lpad((:patients / n.share)::text, 7, '0') AS up_to
FROM (VALUES ('quarter', 'ordered', 4), ('half', 'ordered', 2), ('quarter_arrived', 'arrived', 4), ('half_arrived', 'arrived', 2)) n (name, whole, share)
WHERE :'mix' = 'therapy' OR n.whole = 'ordered';
SELECT format('CREATE TABLE %s AS SELECT * FROM %s WHERE patient_id < %L', name, whole, up_to) FROM part \gexec
SELECT format('CREATE INDEX ON %s (patient_id, npi, dos)', name) FROM part WHERE name !~ 'arrived' \gexec
SELECT format('VACUUM ANALYZE %s', name) FROM part \gexec
