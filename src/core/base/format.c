/*
 * src/core/base/format.c
 *
 * Texts from a format.
 */
#include "base/format.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where a text is written: what does not fit is counted. */
typedef struct Writer
{
	char	   *to;
	size_t		room;			/* without the 0 at the end */
	size_t		length;
} Writer;

/* A conversion: %[0width][.precision]type, of the types s, d, u, lld and zu. */
typedef struct Conversion
{
	bool		zeros;
	int			width;
	int			precision;		/* -1 for none, -2 for that of an argument */
	char		type;			/* s, d, u, l for lld, z for zu, %; 0 for any other */
} Conversion;

static void
put(Writer *writer, const char *text, size_t length)
{
	if (writer->length < writer->room)
		memcpy(writer->to + writer->length, text,
			   length < writer->room - writer->length ? length : writer->room - writer->length);
	writer->length += length;
}

static int
take_number(const char **at)
{
	int			number = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		number = number * 10 + (**at - '0');
	return number;
}

/* The conversion behind a %, taken off. */
static Conversion
take_conversion(const char **at)
{
	Conversion	conversion = {false, 0, -1, 0};

	/* mostly there is no more to it */
	if (**at == 's' || **at == 'd')
	{
		conversion.type = *(*at)++;
		return conversion;
	}
	if (**at == '0')
	{
		conversion.zeros = true;
		(*at)++;
	}
	conversion.width = take_number(at);
	if (**at == '.')
	{
		(*at)++;
		if (**at == '*')
		{
			conversion.precision = -2;
			(*at)++;
		}
		else
			conversion.precision = take_number(at);
	}
	if (**at == 's' || **at == 'd' || **at == 'u' || **at == '%')
		conversion.type = *(*at)++;
	else if (strncmp(*at, "lld", 3) == 0 || strncmp(*at, "zu", 2) == 0)
	{
		conversion.type = **at;
		*at += **at == 'l' ? 3 : 2;
	}
	return conversion;
}

static void
put_number(Writer *writer, const Conversion *conversion, unsigned long long number, bool minus)
{
	char		digits[64];
	char	   *at = digits + sizeof(digits);
	int			width = conversion->zeros ? conversion->width - minus : 0;

	do
	{
		*--at = (char) ('0' + number % 10);
		number /= 10;
	} while (number > 0 || digits + sizeof(digits) - at < width);
	if (minus)
		*--at = '-';
	put(writer, at, (size_t) (digits + sizeof(digits) - at));
}

static void
put_signed(Writer *writer, const Conversion *conversion, long long number)
{
	put_number(writer, conversion, number < 0 ? 0ULL - (unsigned long long) number : (unsigned long long) number, number < 0);
}

static void
put_string(Writer *writer, const Conversion *conversion, const char *text, int precision)
{
	const char *end;

	if (text == NULL)
		text = "(null)";
	end = conversion->precision == -1 || precision < 0 ? NULL : memchr(text, '\0', (size_t) precision);
	if (conversion->precision == -1 || precision < 0 || end != NULL)
		put(writer, text, strlen(text));
	else
		put(writer, text, (size_t) precision);
}

/* False where the conversion is none of ours. */
static bool
put_conversion(Writer *writer, const Conversion *conversion, va_list *args)
{
	int			precision = conversion->precision == -2 ? va_arg(*args, int) : conversion->precision;

	if ((conversion->width > 0 && (!conversion->zeros || conversion->width > 32 || conversion->type == 's')) ||
		(conversion->precision != -1 && conversion->type != 's'))
		return false;
	switch (conversion->type)
	{
		case 's':
			put_string(writer, conversion, va_arg(*args, const char *), precision);
			return true;
		case 'd':
			put_signed(writer, conversion, va_arg(*args, int));
			return true;
		case 'u':
			put_number(writer, conversion, va_arg(*args, unsigned), false);
			return true;
		case 'l':
			put_signed(writer, conversion, va_arg(*args, long long));
			return true;
		case 'z':
			put_number(writer, conversion, va_arg(*args, size_t), false);
			return true;
		case '%':
			put(writer, "%", 1);
			return true;
		default:
			return false;
	}
}

size_t
text_vformat(char *to, size_t room, const char *format, va_list args)
{
	Writer		writer = {to, room == 0 ? 0 : room - 1, 0};
	const char *at = format;
	va_list		ours;

	va_copy(ours, args);
	while (*at != '\0')
	{
		const char *end = strchr(at, '%');
		Conversion	conversion;

		if (end == NULL)
			end = at + strlen(at);
		put(&writer, at, (size_t) (end - at));
		at = end;
		if (*at == '\0')
			break;
		at++;
		conversion = take_conversion(&at);
		if (!put_conversion(&writer, &conversion, &ours))
		{
			va_end(ours);
			return (size_t) vsnprintf(to, room, format, args);
		}
	}
	va_end(ours);
	if (room > 0)
		to[writer.length < room ? writer.length : room - 1] = '\0';
	return writer.length;
}

size_t
text_format(char *to, size_t room, const char *format,...)
{
	va_list		args;
	size_t		length;

	va_start(args, format);
	length = text_vformat(to, room, format, args);
	va_end(args);
	return length;
}
