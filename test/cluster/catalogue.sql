-- What the extension consists of, a line each thing, in names only: two ways to the same version give the same lines.
WITH member AS (
	SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
	WHERE d.deptype = 'e' AND e.extname = 'claimline'
), relation AS (
	SELECT c.* FROM member m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
), said AS (
	SELECT pg_describe_object(m.classid, m.objid, 0) AS object, 'comment ' || coalesce(obj_description(m.objid, m.classid::regclass::name), '-') AS says FROM member m
	UNION ALL
	SELECT p.oid::regprocedure::text, concat_ws(' ', 'routine', p.prokind, p.proowner::regrole, CASE WHEN p.prokind = 'a' THEN NULL ELSE pg_get_functiondef(p.oid) END,
			(SELECT concat_ws(' ', a.aggfnoid::regprocedure, a.aggtransfn::regproc, a.aggfinalfn::regproc, a.aggcombinefn::regproc, a.aggserialfn::regproc, a.aggdeserialfn::regproc, a.aggtranstype::regtype, a.aggfinalmodify, a.aggkind, a.aggtransspace) FROM pg_aggregate a WHERE a.aggfnoid = p.oid),
			p.prosupport::regproc, p.proparallel, p.provolatile, p.prorows, p.procost, (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(p.proacl) x))
		FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
	UNION ALL
	SELECT t.oid::regtype::text, concat_ws(' ', 'type', t.typowner::regrole, t.typlen, t.typbyval, t.typtype, t.typcategory, t.typispreferred, t.typdelim, t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typanalyze, t.typalign, t.typstorage, t.typdefault,
			(SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), t.typacl)
		FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
	UNION ALL
	SELECT pg_describe_object(m.classid, m.objid, 0), CASE m.classid
			WHEN 'pg_cast'::regclass THEN (SELECT concat_ws(' ', c.castfunc::regprocedure, c.castcontext, c.castmethod) FROM pg_cast c WHERE c.oid = m.objid)
			WHEN 'pg_operator'::regclass THEN (SELECT concat_ws(' ', o.oprowner::regrole, o.oprcanmerge, o.oprcanhash, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcode, o.oprrest, o.oprjoin) FROM pg_operator o WHERE o.oid = m.objid)
			WHEN 'pg_opclass'::regclass THEN (SELECT concat_ws(' ', o.opcowner::regrole, o.opcdefault, o.opcintype::regtype,
				(SELECT string_agg(concat_ws(' ', p.amopstrategy, p.amopopr::regoperator), ', ' ORDER BY p.amopstrategy) FROM pg_amop p WHERE p.amopfamily = o.opcfamily),
				(SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproc), ', ' ORDER BY p.amprocnum) FROM pg_amproc p WHERE p.amprocfamily = o.opcfamily)) FROM pg_opclass o WHERE o.oid = m.objid)
			WHEN 'pg_namespace'::regclass THEN (SELECT concat_ws(' ', n.nspowner::regrole, n.nspacl) FROM pg_namespace n WHERE n.oid = m.objid)
			ELSE '' END
		FROM member m WHERE m.classid <> ALL ('{pg_proc,pg_class,pg_type}'::regclass[])
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'relation', c.relkind, c.relowner::regrole, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reloptions,
		(SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(c.relacl) x),
		(SELECT string_agg(x::text, ',' ORDER BY x::text) FROM pg_init_privs i, unnest(i.initprivs) x WHERE i.objoid = c.oid AND i.classoid = 'pg_class'::regclass AND i.objsubid = 0), CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END) FROM relation c
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'column', a.n, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attcompression, a.attcollation::regcollation, a.attacl,
			pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum))
		FROM relation c JOIN LATERAL (SELECT a.*, row_number() OVER (ORDER BY a.attnum) AS n FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a ON true
			LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'constraint', k.conname, pg_get_constraintdef(k.oid), k.convalidated, obj_description(k.oid, 'pg_constraint')) FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid)) FROM relation c JOIN pg_index i ON i.indrelid = c.oid
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled) FROM relation c JOIN pg_trigger t ON t.tgrelid = c.oid
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'policy', p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM relation c JOIN pg_policy p ON p.polrelid = c.oid
	UNION ALL
	SELECT c.oid::regclass::text, concat_ws(' ', 'sequence', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle) FROM relation c JOIN pg_sequence s ON s.seqrelid = c.oid
	UNION ALL
	SELECT 'extension', concat_ws(' ', e.extversion, e.extnamespace::regnamespace, e.extrelocatable, e.extowner::regrole) FROM pg_extension e WHERE e.extname = 'claimline'
	UNION ALL
	SELECT 'dumped', d.relation::regclass || ' ' || d.filter FROM pg_extension e, unnest(e.extconfig, e.extcondition) d (relation, filter) WHERE e.extname = 'claimline'
)
SELECT object || ': ' || regexp_replace(says, E'\\s+', ' ', 'g') FROM said ORDER BY 1
