-- minutes to units of service

CREATE FUNCTION timed_units(minutes int) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION timed_units(int) IS
	'15-minute units that so many minutes support: 0 below 8, then one more every 15 minutes; '
	'raises an error for negative minutes (Medicare Claims Processing Manual ch. 5 s. 20.2)';

CREATE FUNCTION timed_minutes(units int) RETURNS int4range
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION timed_minutes(int) IS
	'the minutes that support exactly so many 15-minute units; '
	'raises an error for negative units (Medicare Claims Processing Manual ch. 5 s. 20.2)';

CREATE FUNCTION allocate_units(codes text[], minutes int[], unit_rule text = 'cms') RETURNS int[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION allocate_units(text[], int[], text) IS
	'units for each code: one valid allocation of the minutes of a day, '
	'by the rule cms (total minutes, full blocks, then largest remainders) or ama (each code alone); '
	'entries of one code are taken together; untimed codes get 0 and are not pooled; '
	'raises an error for null elements, negative minutes or arrays of different length';

CREATE FUNCTION units_supported(codes text[], minutes int[], units int[], unit_rule text = 'cms')
		RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION units_supported(text[], int[], int[], text) IS
	'whether the units are a valid allocation of the minutes of a day, or below one; '
	'arguments and errors as in allocate_units';

