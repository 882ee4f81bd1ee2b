/*
 * src/core/base/format.h
 *
 * Texts from a format, as printf makes them: messages are made of thousands of
 * lines a second, and half of that time would be snprintf's.
 */
#ifndef CLAIMLINE_FORMAT_H
#define CLAIMLINE_FORMAT_H

#include "base/compiler.h"

#include <stdarg.h>
#include <stddef.h>

/*
 * As vsnprintf: writes at most `room` bytes, the last one 0, and returns the
 * length of the whole text.  Strings, whole numbers and zeros before them are
 * done here, what else a format may have by vsnprintf itself.
 */
extern size_t text_vformat(char *to, size_t room, const char *format, va_list args) CLAIMLINE_PRINTF(3, 0);
extern size_t text_format(char *to, size_t room, const char *format,...) CLAIMLINE_PRINTF(3, 4);

#endif							/* CLAIMLINE_FORMAT_H */
