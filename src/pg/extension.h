/*
 * src/pg/extension.h
 *
 * Where the objects of the extension are: what users call, read or write in
 * the schema that the installer chose, the rest in one of its own.
 */
#ifndef CLAIMLINE_EXTENSION_H
#define CLAIMLINE_EXTENSION_H

#define INTERNAL_SCHEMA		"claimline_internal"

/* The schema that the installer chose; raises an error if the extension is not installed. */
extern Oid	extension_namespace(void);

/* Its name, quoted for SQL. */
extern const char *extension_schema(void);

/* Is a function of the extension?  It need not be in this database. */
extern bool is_of_extension(Oid function);

/* A type of that schema, or of the internal one. */
extern Oid	extension_type(const char *name);
extern Oid	internal_type(const char *name);

/* A relation of the internal schema; raises an error that says to update the extension if it is not there. */
extern Oid	internal_relation(const char *name);

/*
 * A function of the internal schema that a call of `written` may become, if it is there (it is not in a database of an
 * older version) and the user may call both; InvalidOid otherwise.  Rights are those to the call that is written, and
 * not all grant what is internal.
 */
extern Oid	internal_function(const char *name, int n, const Oid *types, Oid written);

#endif							/* CLAIMLINE_EXTENSION_H */
