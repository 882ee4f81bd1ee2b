-- src/tools/columns.sql
--
-- Prints doc/columns.md from the comments of a database that has the extension: psql -X -q -A -t -f src/tools/columns.sql
CREATE TEMP VIEW page_relation AS
SELECT r.oid, r.relname, r.relkind, coalesce(obj_description(r.oid, 'pg_class'), obj_description(r.reltype, 'pg_type')) AS says
FROM pg_catalog.pg_class r JOIN pg_catalog.pg_extension e ON e.extname = 'claimline' AND e.extnamespace = r.relnamespace
	JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
		AND (d.classid, d.objid) IN (('pg_class'::regclass, r.oid), ('pg_type'::regclass, r.reltype))
WHERE r.relkind IN ('r', 'v', 'c');

-- in a cell of a table of Markdown
CREATE FUNCTION pg_temp.cell(says text) RETURNS text
LANGUAGE sql AS $$ SELECT replace(replace(says, '|', '\|'), '<', '&lt;') $$;

SELECT $page$# Columns

Every column of the views, tables and row types that you read, from the comments in the database, which `\d+` and most clients show too. `src/tools/columns.sql`
wrote this page. Which function returns what is in the [reference](reference.md); what the words mean, in the [glossary](glossary.md).
$page$;

SELECT format(E'%s: %s.\n', kind, string_agg(format('[%s](#%s)', '`' || relname || '`', relname), ', ' ORDER BY relname COLLATE "C"))
FROM page_relation, LATERAL (SELECT CASE relkind WHEN 'v' THEN 'Views' WHEN 'r' THEN 'Tables' ELSE 'Row types' END) k (kind)
GROUP BY kind ORDER BY kind = 'Row types', kind = 'Tables';

SELECT format(E'## %s\n\n%s.\n\n| column | type | |\n|---|---|---|\n', relname, regexp_replace(pg_temp.cell(upper(left(says, 1)) || substr(says, 2)), '\.$', ''))
	|| (SELECT string_agg(format('| `%s` | %s | %s |', attname, format_type(atttypid, atttypmod),
			pg_temp.cell(col_description(attrelid, attnum))), E'\n' ORDER BY attnum)
		FROM pg_catalog.pg_attribute WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped) || E'\n'
FROM page_relation r ORDER BY relname COLLATE "C";
