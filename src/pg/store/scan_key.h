/*
 * src/pg/store/scan_key.h
 *
 * What a provider-day is found by, whatever the types of its keys.
 */
#ifndef CLAIMLINE_SCAN_KEY_H
#define CLAIMLINE_SCAN_KEY_H

#include "utils/date.h"
#include "utils/uuid.h"

/*
 * A hash of texts that equal keys have in common, and the date; each NULL for null.
 * 128 bits, for what is taken for the same day would be judged as one.
 */
extern pg_uuid_t *scan_key(const text *patient, const text *provider, const DateADT *dos);

#endif							/* CLAIMLINE_SCAN_KEY_H */
