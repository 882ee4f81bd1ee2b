-- soft errors: from PostgreSQL 16 on, bad input can be asked about without an error.
-- This says something only where that is not so; on PostgreSQL 15 there is nothing to ask.

DO $$
DECLARE
	version int := current_setting('server_version_num')::int;
	input record;
	hard record;
	soft record;
	valid boolean;
	n bigint;
BEGIN
	IF version < 160000 THEN
		RETURN;
	END IF;
	PERFORM set_config('client_min_messages', 'warning', true);

	FOR input IN
		SELECT 'claimline' AS type, t AS value
		FROM unnest(ARRAY['97124', 'HC:97124:59 x2 30min 2024-08-01 10:00 dx=M54.2 region=cervical specialty=35 referral=yes visit=3',
			'', '9712', '9712é', '97124-5', '97124-59-XS-GP-CQ-KX-76', '97124 x1000000', '97124 x1.0005', '97124 x-1', '97124 1441min', '97124 1.5min', '97124 2024-02-30', '97124 2024-8-1',
			'97124 24:00', '97124 9:00', '97124 dx=M5', '97124 dx=A00,A01,A02,A03,A04,A05,A06,A07,A08,A09,A15,A16,A17', '97124 region=neck', '97124 specialty=5', '97124 referral=true', '97124 visit=0',
			'97124 x2 x2', '97124 unheard-of']) t
		UNION ALL
		SELECT 'claimday', t
		FROM unnest(ARRAY['{}', '{"C1" 1 97124; - - -}', '', '{', '{C1 1 97124}', '{"C1 1 97124}', '{"C1" one 97124}', '{"C1" 2147483648 97124}', '{"C1" 1 9712}', '{"C1" 1 97124 visit=0}', '{} x']) t
		UNION ALL
		SELECT 'claim_ruleset', t
		FROM unnest(ARRAY[starter_ruleset()::text, '', '{}', '[]', '{"claimline_ruleset": 1}', '{"claimline_ruleset": 2}', '{"claimline_ruleset": 2, "policy": {"mue": "maybe"}}', '{"claimline_ruleset": 2, "ptp": [[]]}',
			'{"claimline_ruleset": 2, "ptp": [["97140", "97124", null, null, 2, null]]}', '{"claimline_ruleset": 2, "policy": {"mue": "yes", "mue": "yes"}}']) t
	LOOP
		hard := NULL;
		BEGIN
			EXECUTE format('SELECT %L::%I', input.value, input.type);
			SELECT NULL AS message, NULL AS detail, NULL AS hint, NULL AS sql_error_code INTO hard;
		EXCEPTION WHEN OTHERS THEN
			DECLARE
				message text;
				detail text;
				hint text;
				state text;
			BEGIN
				GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
				SELECT message, nullif(detail, '') AS detail, nullif(hint, '') AS hint, state AS sql_error_code INTO hard;
			END;
		END;
		BEGIN
			EXECUTE 'SELECT pg_input_is_valid($1, $2)' INTO valid USING input.value, input.type;
			EXECUTE 'SELECT message, detail, hint, sql_error_code FROM pg_input_error_info($1, $2)' INTO soft USING input.value, input.type;
			IF valid <> (hard.sql_error_code IS NULL) THEN
				RAISE WARNING '% "%" is valid: %', input.type, left(input.value, 80), valid;
			END IF;
			IF soft IS DISTINCT FROM hard THEN
				RAISE WARNING '% "%": % where the error says %', input.type, left(input.value, 80), soft, hard;
			END IF;
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING '% "%": raised %', input.type, left(input.value, 80), SQLERRM;
		END;
	END LOOP;

	-- rows that are not valid can be left out when they are copied in
	IF version >= 170000 THEN
		CREATE TEMP TABLE softerror_lines (line claimline);
		EXECUTE $copy$COPY softerror_lines FROM PROGRAM 'printf "97124 x2\n9712\n98941 x1000000\n98941\n"' (ON_ERROR ignore)$copy$;
		SELECT count(*) INTO n FROM softerror_lines;
		IF n <> 2 THEN
			RAISE WARNING '% lines of 2 were copied', n;
		END IF;
		DROP TABLE softerror_lines;
	END IF;
END $$;
