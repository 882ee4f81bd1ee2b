-- One run of a side, for bench.sh.  Variables: id, round, ticks (of the clock, a second), pid (a file for the number of the backend).
-- Round 0 warms up, and compares what the side finds with what claimline found first; the others are timed, each in a connection
-- of its own that has planned the query once before.
\set ON_ERROR_STOP 1
SELECT settings, query, coalesce(findings, query) AS findings, findings IS NOT NULL AS finds, :round = 0 AS warming, mix, store, side, workers,
	translate(format('found %s in %s', mix, part), ' ', '_') AS wanted
FROM bench.side WHERE id = :id \gset
:settings
SELECT pg_backend_pid() \g :pid
\if :warming
	\if :finds
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS bench.found;
		CREATE UNLOGGED TABLE bench.found AS :findings;
		SELECT bench.compare(:'wanted', concat_ws(', ', :'mix', :'store', :'side')) AS same \gset
	\else
		:query \gset a_
	\endif
\else
	SELECT bench.shape(:'query') AS shape \gset
	SELECT bench.cpu(:workers, :ticks) AS cpu_before, clock_timestamp() AS begun \gset
	:query \gset
	SELECT extract(epoch FROM clock_timestamp() - :'begun'::timestamptz) AS seconds \gset
	-- workers that have just ended are counted when the postmaster has seen it
	SELECT CASE WHEN :workers > 1 THEN pg_sleep(0.2) END AS slept \gset
	INSERT INTO bench.run SELECT :id, :round, :seconds, bench.cpu(:workers, :ticks) - :cpu_before, :'answer';
	INSERT INTO bench.peak (side, shape) SELECT :id, :'shape' WHERE :round = 1;
\endif
