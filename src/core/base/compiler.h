/*
 * src/core/base/compiler.h
 *
 * What compilers are told beyond C11.
 */
#ifndef CLAIMLINE_COMPILER_H
#define CLAIMLINE_COMPILER_H

/* The arguments from `args` on are those of the format at `at`. */
#if defined(__GNUC__)
#define CLAIMLINE_PRINTF(at, args) __attribute__((format(printf, at, args)))
#else
#define CLAIMLINE_PRINTF(at, args)
#endif

#endif							/* CLAIMLINE_COMPILER_H */
