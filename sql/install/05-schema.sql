
-- what is not to be called, read or written by users stands in a schema of its own

CREATE SCHEMA claimline_internal;
GRANT USAGE ON SCHEMA claimline_internal TO PUBLIC;
COMMENT ON SCHEMA claimline_internal IS
	'what extension claimline keeps and calls for itself; '
	'what users call, read or write is in the schema that it was installed in';
