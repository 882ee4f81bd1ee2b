/*
 * test/fuzz/replay.c
 *
 * Runs files through a fuzz target without libFuzzer.
 *
 *	  replay [--mutate] VERDICT FILE
 *
 * VERDICT is "accepted", or a part of the reason for which the file must be
 * refused.  With --mutate also the file cut at every length and with every byte
 * changed in a few ways.  A failure ends the program and shows the input.
 */
#include "common.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* a hang is a failure */
#define SECONDS_PER_FILE	30

/* of a file longer than this, each byte is changed in one way only */
#define LONG_FILE		500

static const char *file_name;
static const char *change = "as it is";
static size_t change_at;
static const unsigned char *current;
static size_t current_size;

/* A check failed, a sanitizer aborts, or the time is up. */
static void
show_input(int signal_number)
{
	size_t		i;

	signal(signal_number, SIG_DFL);
	if (signal_number == SIGALRM)
		fprintf(stderr, "more than %d seconds\n", SECONDS_PER_FILE);
	fprintf(stderr, "input: %s, %s at %zu, %zu bytes:\n", file_name, change, change_at, current_size);
	for (i = 0; i < current_size && i < 400; i++)
		if (current[i] >= ' ' && current[i] < 0x7F && current[i] != '\\')
			fputc(current[i], stderr);
		else
			fprintf(stderr, "\\x%02x", current[i]);
	fprintf(stderr, "%s\n", current_size > 400 ? "..." : "");
	raise(signal_number);
}

static void
run(const unsigned char *data, size_t size)
{
	current = data;
	current_size = size;
	LLVMFuzzerTestOneInput(data, size);
}

/* The k-th way to change a byte. */
#define N_CHANGES		6
static unsigned char
changed(unsigned char byte, int k)
{
	static const unsigned char replacements[] = {'"', ',', '9', 0x80};

	return k == 0 ? byte ^ 0x01 : k == 1 ? byte ^ 0x20 : replacements[k - 2];
}

static void
mutate(unsigned char *data, size_t size)
{
	size_t		i;
	int			k;

	change = "cut";
	for (change_at = 0; change_at < size; change_at++)
		run(data, change_at);
	change = "byte changed";
	for (i = 0; i < size; i++)
	{
		unsigned char old = data[i];

		change_at = i;
		for (k = 0; k < N_CHANGES; k++)
		{
			if (size > LONG_FILE && i % N_CHANGES != (size_t) k)
				continue;
			data[i] = changed(old, k);
			run(data, size);
		}
		data[i] = old;
	}
}

static unsigned char *
read_file(const char *name, size_t *size)
{
	FILE	   *file = fopen(name, "rb");
	unsigned char *data = NULL;
	size_t		room = 0;
	size_t		n;

	*size = 0;
	if (file == NULL)
	{
		perror(name);
		exit(2);
	}
	do
	{
		room += 65536;
		data = realloc(data, room);
		CHECK(data != NULL);
		n = fread(data + *size, 1, room - *size, file);
		*size += n;
	} while (*size == room);
	fclose(file);
	return data;
}

/* What the file is there for is lost where it comes to another end. */
static void
check_verdict(const char *verdict)
{
	const Fault *why = last_verdict();
	const char *detail = why == NULL ? "accepted" : why->detail;

	if (strstr(detail, verdict) != NULL && (why == NULL) == (strcmp(verdict, "accepted") == 0))
		return;
	fprintf(stderr, "%s: wanted: %s\ngot: %s\n", file_name, verdict, detail);
	exit(1);
}

int
main(int argc, char **argv)
{
	bool		mutated = argc > 1 && strcmp(argv[1], "--mutate") == 0;
	unsigned char *data;
	size_t		size;

	if (argc != 3 + mutated || argv[1 + mutated][0] == '-')
	{
		fprintf(stderr, "usage: %s [--mutate] VERDICT FILE\n", argv[0]);
		return 2;
	}
	signal(SIGABRT, show_input);
	signal(SIGALRM, show_input);
	file_name = argv[2 + mutated];
	data = read_file(file_name, &size);
	alarm(SECONDS_PER_FILE);
	run(data, size);
	check_verdict(argv[1 + mutated]);
	if (mutated)
		mutate(data, size);
	free(data);
	return 0;
}
