/*
 * src/core/line/line_hint.h
 *
 * How a line is written, told to who wrote it otherwise.
 */
#ifndef CLAIMLINE_LINE_HINT_H
#define CLAIMLINE_LINE_HINT_H

#include "base/word.h"

/*
 * The form of a line, behind that of the part that the refused word looks like.
 * `is_first`: the word stands where the code and the modifiers do.
 */
extern const char *line_hint(Word word, bool is_first);

#endif							/* CLAIMLINE_LINE_HINT_H */
