/**
 * The bytes by which text is sorted. Most text is ASCII with signs, digits and letters in the order of their codes, and sorts by its lower
 * case; the rest gets its `moved` signs behind `/` and before `0`, its letters without accents, and what tells words apart that are else
 * the same behind all of that. `ignored` signs count only there.
 */
function orderOf(moved: string, ignored: string, tie: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const places = [...moved].map((_, index) => String.fromCharCode(0xe000 + index)).join('');
  const unusual = quoted(`[${[...moved, ...ignored].map((sign) => `\\${sign}`).join('')}]`);
  const signs = `translate(folded(unpadded(a)), ${quoted(moved + ignored)}, '${places}')`;
  return `encode(CASE WHEN strlen(a) = length(a) AND NOT regexp_matches(a, ${unusual}) THEN lower(unpadded(a)) ELSE regexp_replace(${signs}, '([\ue000-\ue0ff])', '/\u{10ffff}\\1', 'g') || chr(1) || ${tie} END)`;
}

/**
 * Transact-SQL's behaviour where DuckDB's differs, as macros in `memory.main`. Overloads let DuckDB's binder choose by type.
 * An error begins with `§number§`, so that it keeps its number through DuckDB.
 */
export const macros: readonly string[] = [
  // 100 nanoseconds since the year 1 (types/sql-type.ts); a datetimeoffset has those of UTC and its minutes in one number
  `ticks_of(a) AS epoch_us(a) * 10 + 621355968000000000`,
  `moment_of(t) AS make_timestamp(t // 10 - 62135596800000000)`,
  `time_of(t) AS CAST(make_timestamp(t // 10) AS TIME)`,
  `round_ticks(t, unit) AS ((t + unit // 2) // unit) * unit`,
  `offset_value(t, minutes) AS CAST(t AS HUGEINT) * 2048 + (minutes + 1024)`,
  `offset_at(t, minutes) AS offset_value(t - CAST(minutes AS BIGINT) * 600000000, minutes)`,
  `utc_ticks(v) AS CAST(v // 2048 AS BIGINT)`,
  `offset_minutes(v) AS CAST(v % 2048 AS INTEGER) - 1024`,
  `wall_ticks(v) AS CAST(v // 2048 AS BIGINT) + (CAST(v % 2048 AS BIGINT) - 1024) * 600000000`,
  `to_zone(t, zone) AS offset_value(t, CAST((epoch_us(timezone(zone, timezone('UTC', moment_of(t)))) - epoch_us(moment_of(t))) // 60000000 AS INTEGER))`,
  `from_zone(t, zone) AS to_zone(epoch_us(timezone(zone, moment_of(t))) * 10 + 621355968000000000 + t % 10, zone)`,
  // arithmetic
  `add(a, b) AS a + b, (a VARCHAR, b VARCHAR) AS a || b, (a VARCHAR, b INTEGER) AS CAST(a AS INTEGER) + b, (a INTEGER, b VARCHAR) AS a + CAST(b AS INTEGER), (a VARCHAR, b BIGINT) AS CAST(a AS BIGINT) + b, (a BIGINT, b VARCHAR) AS a + CAST(b AS BIGINT)`,
  `divide(a, b) AS CASE WHEN b = 0 THEN error('§8134§Divide by zero error encountered.') ELSE a / b END, (a INTEGER, b INTEGER) AS CASE WHEN b = 0 THEN error('§8134§Divide by zero error encountered.') ELSE a // b END, (a BIGINT, b BIGINT) AS CASE WHEN b = 0 THEN error('§8134§Divide by zero error encountered.') ELSE a // b END`,
  `divide_integer(a, b) AS CASE WHEN b = 0 THEN error('§8134§Divide by zero error encountered.') ELSE a // b END`,
  `divide_float(a, b) AS CASE WHEN b = 0 THEN error('§8134§Divide by zero error encountered.') ELSE a / b END`,
  `modulo(a, b) AS CASE WHEN b = 0 THEN error('§8134§Divide by zero error encountered.') ELSE a % b END`,
  `finite(a) AS CASE WHEN isfinite(a) OR a IS NULL THEN a ELSE error('§8115§Arithmetic overflow error converting expression to data type float.') END`,
  `positive(a) AS CASE WHEN a <= 0 THEN error('§3623§An invalid floating point operation occurred.') ELSE a END`,
  `natural_log(a) AS ln(positive(a))`,
  `square_root(a) AS CASE WHEN a < 0 THEN error('§3623§An invalid floating point operation occurred.') ELSE sqrt(a) END`,
  // The first number of RAND(n): interpreter/random-numbers.ts
  `seeded_difference(n) AS (40014 * CASE WHEN n = 0 THEN 12345 WHEN n > 0 THEN CAST(n AS BIGINT) ELSE error('§40517§not supported by the local pool: RAND with a seed below zero') END) % 2147483563 - 615096481`,
  `seeded(n) AS CASE WHEN n IS NOT NULL THEN (CASE WHEN seeded_difference(n) < 1 THEN seeded_difference(n) + 2147483562 ELSE seeded_difference(n) END) * CAST(4.656613e-10 AS DOUBLE) END`,
  `round_float(a, n) AS round(a, n)`,
  `cut_float(a, n) AS trunc(a * pow(10, n)) / pow(10, n)`,
  `round_whole(a, unit) AS ((abs(a) + unit // 2) // unit) * unit * sign(a)`,
  `cut_whole(a, unit) AS (a // unit) * unit`,
  `padded_integer(a, n) AS (CASE WHEN a < 0 THEN '-' ELSE '' END) || CASE WHEN length(CAST(abs(a) AS VARCHAR)) >= n THEN CAST(abs(a) AS VARCHAR) ELSE lpad(CAST(abs(a) AS VARCHAR), n, '0') END`,
  // text
  `aggregated_text(a, n) AS CASE WHEN length(a) > n THEN error('§9829§STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.') ELSE a END`,
  `unpadded(a) AS rtrim(a, ' ')`,
  // The order of SQL_Latin1_General_CP1_CI_AS: signs, digits, letters without case; accents decide between words that are else the same.
  // For nvarchar the order of signs is that of Windows, where hyphens and apostrophes decide last.
  `folded(a) AS CASE WHEN strlen(a) = length(a) THEN lower(a) ELSE strip_accents(replace(replace(replace(replace(translate(lower(a), 'øđłħı', 'odlhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')) END`,
  `order_of_varchar(a) AS ${orderOf(':;<=>?@[\\]^_`{|}~', '', 'lower(unpadded(a))')}`,
  `order_of_nvarchar(a) AS ${orderOf(':;?@[\\]^_`{|}~+<=>', "'-", "translate(lower(unpadded(a)), '''-', '') || chr(1) || translate(lower(unpadded(a)), '''-', '\uFFFC\uFFFD')")}`,
  `pad(a, n) AS CASE WHEN length(a) < n THEN rpad(a, n, ' ') ELSE a END`,
  `utf16_length(a) AS CASE WHEN strlen(a) = length(a) THEN length(a) ELSE length(a) + length(regexp_replace(a, '[^\\x{10000}-\\x{10FFFF}]', '', 'g')) END`,
  `left_(a, n) AS CASE WHEN n < 0 THEN error('§536§Invalid length parameter passed to the LEFT function.') ELSE left(a, n) END`,
  `right_(a, n) AS CASE WHEN n < 0 THEN error('§536§Invalid length parameter passed to the RIGHT function.') WHEN n = 0 THEN '' ELSE right(a, n) END`,
  `substring_(a, s, n) AS CASE WHEN n < 0 THEN error('§537§Invalid length parameter passed to the LEFT or SUBSTRING function.') WHEN s < 1 THEN substr(a, 1, greatest(0, n + s - 1)) ELSE substr(a, s, n) END`,
  `substring_binary(a, s, n) AS from_hex(substr(hex(a), (greatest(s, 1) - 1) * 2 + 1, greatest(0, CASE WHEN s < 1 THEN n + s - 1 ELSE n END) * 2))`,
  `replicate_(a, n) AS CASE WHEN n < 0 THEN NULL ELSE repeat(a, n) END`,
  `stuff_(a, s, n, b) AS CASE WHEN s < 1 OR s > length(a) OR n < 0 THEN NULL ELSE left(a, s - 1) || coalesce(b, '') || substr(a, s + n) END`,
  `replace_(a, f, t) AS CASE WHEN f = '' THEN a ELSE regexp_replace(a, regexp_escape(f), replace(t, '\\', '\\\\'), 'gi') END`,
  `char_index(f, a, s) AS CASE WHEN f IS NULL OR a IS NULL THEN NULL WHEN f = '' THEN 0 ELSE coalesce(nullif(strpos(lower(substr(a, greatest(s, 1))), lower(f)), 0) + greatest(s, 1) - 1, 0) END`,
  `pattern_index(a, p) AS CASE WHEN a IS NULL THEN NULL WHEN regexp_matches(a, p) THEN CAST(strpos(a, regexp_extract(a, p)) + CASE WHEN regexp_extract(a, p) = '' THEN 1 ELSE 0 END AS INTEGER) ELSE 0 END`,
  `char_(n) AS CASE WHEN n BETWEEN 0 AND 127 OR n BETWEEN 160 AND 255 THEN chr(n) WHEN n BETWEEN 128 AND 159 THEN substr('€' || chr(129) || '‚ƒ„…†‡ˆ‰Š‹Œ' || chr(141) || 'Ž' || chr(143) || chr(144) || '‘’“”•–—˜™š›œ' || chr(157) || 'žŸ', n - 127, 1) END`,
  `quote_name(a, l, r) AS CASE WHEN length(a) > 128 THEN NULL ELSE l || replace(a, r, r || r) || r END`,
  `str_(a, n) AS CASE WHEN length(a) > n THEN repeat('*', n) ELSE lpad(a, n, ' ') END`,
  // As many blanks as the pattern has at its end stay.
  `unpadded_unless(a, p) AS CASE WHEN ends_with(a, ' ') THEN rtrim(a, ' ') || repeat(' ', least(length(a) - length(rtrim(a, ' ')), length(p) - length(rtrim(p, ' ')))) ELSE a END`,
  `like_pattern(a, p, e) AS CASE WHEN e <> '' OR contains(p, '[') OR ends_with(a, ' ') THEN system.main.host_like(a, p, e) = 1 ELSE a ILIKE p END`,
  // The bytes of varchar are those of code page 1252; what that has not becomes a question mark.
  `windows_1252() AS '€' || chr(129) || '‚ƒ„…†‡ˆ‰Š‹Œ' || chr(141) || 'Ž' || chr(143) || chr(144) || '‘’“”•–—˜™š›œ' || chr(157) || 'žŸ'`,
  `latin1_bytes(a) AS CASE WHEN a IS NULL THEN NULL WHEN strlen(a) = length(a) THEN encode(a) ELSE from_hex(array_to_string(list_transform(string_split(a, ''), lambda c: printf('%02X', CASE WHEN unicode(c) < 128 OR unicode(c) BETWEEN 160 AND 255 THEN unicode(c) WHEN strpos(windows_1252(), c) > 0 THEN strpos(windows_1252(), c) + 127 ELSE 63 END)), '')) END`,
  `offset_text(n) AS (CASE WHEN n < 0 THEN '-' ELSE '+' END) || printf('%02d:%02d', abs(n) // 60, abs(n) % 60)`,
  // conversions from text
  `integer_text(a) AS CASE WHEN trim(a) = '' THEN '0' WHEN regexp_full_match(trim(a), '[+-]? *[0-9]+') THEN replace(trim(a), ' ', '') END`,
  `integer_error(a, f, t) AS error(CASE WHEN integer_text(a) IS NOT NULL AND t <> 'bigint' THEN CASE t WHEN 'int' THEN '§248§The conversion of the ' || f || ' value ''' || a || ''' overflowed an int column.' ELSE '§244§The conversion of the ' || f || ' value ''' || a || ''' overflowed an ' || CASE t WHEN 'tinyint' THEN 'INT1' ELSE 'INT2' END || ' column. Use a larger integer column.' END WHEN t = 'bigint' THEN '§8114§Error converting data type ' || f || ' to bigint.' ELSE '§245§Conversion failed when converting the ' || f || ' value ''' || a || ''' to data type ' || t || '.' END)`,
  `exact_text(a) AS CASE WHEN regexp_full_match(trim(a), '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)') THEN trim(a) END`,
  `number_text(a) AS CASE WHEN regexp_full_match(trim(a), '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?') THEN trim(a) END`,
  // Signs, points and currency alone count as numbers too, as ISNUMERIC has always had it.
  `is_numeric(a) AS CASE WHEN regexp_full_match(trim(a), '[+-]?[$£€¥]?[+-]?([0-9][0-9,]*\\.?[0-9]*|\\.[0-9]+)([eEdD][+-]?[0-9]+)?|[+.,$£€¥-]') THEN 1 ELSE 0 END`,
  `money_text(a) AS CASE WHEN trim(a) = '' THEN '0' ELSE replace(replace(trim(a), ',', ''), '$', '') END`,
  `try_bit(a) AS CASE WHEN lower(trim(a)) = 'true' THEN true WHEN lower(trim(a)) = 'false' THEN false WHEN trim(a) = '' THEN false WHEN regexp_full_match(trim(a), '[+-]?[0-9]+') THEN TRY_CAST(trim(a) AS HUGEINT) <> 0 END`,
  `to_bit(a, f) AS CASE WHEN a IS NULL THEN NULL WHEN lower(trim(a)) = 'true' THEN true WHEN lower(trim(a)) = 'false' OR trim(a) = '' THEN false WHEN regexp_full_match(trim(a), '[+-]?[0-9]+') THEN CAST(trim(a) AS HUGEINT) <> 0 ELSE error('§245§Conversion failed when converting the ' || f || ' value ''' || a || ''' to data type bit.') END`,
  `parse_plain(a) AS coalesce(TRY_CAST(CASE WHEN regexp_full_match(a, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.:][0-9]{1,7})?)?)?') THEN regexp_replace(regexp_replace(a, '(:[0-9]{2}:[0-9]{2}):([0-9]{1,7})$', '\\1.\\2'), '([ T][0-9]{1,2}:[0-9]{2})$', '\\1:00') END AS TIMESTAMP), try_strptime(CASE WHEN regexp_full_match(a, '[0-9]{8}') THEN a END, '%Y%m%d'), make_timestamp(system.main.host_read_moment(a, 0)))`,
  `parse_moment(a, style) AS CASE WHEN a IS NULL THEN NULL WHEN trim(a) = '' THEN TIMESTAMP '1900-01-01' WHEN style IN (1, 2, 3, 4, 5, 10, 11, 101, 102, 103, 104, 105, 110, 111) THEN make_timestamp(system.main.host_read_moment(trim(a), style)) ELSE parse_plain(regexp_replace(regexp_replace(trim(a), '(:[0-9]{2}(\\.[0-9]+)?)Z$', '\\1'), ' +', ' ', 'g')) END`,
  // datetime tells a date that there is not from text that is no date.
  `no_moment(a, f, t) AS error(CASE WHEN regexp_matches(a, '^ *[0-9]{1,4}[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,4}( |T|$)') THEN '§242§The conversion of a ' || f || ' data type to a ' || t || ' data type resulted in an out-of-range value.' ELSE '§241§Conversion failed when converting date and/or time from character string.' END)::TIMESTAMP`,
  // Digits behind the sixth are taken off before a text is read, and the seventh is added to the 100 nanoseconds that come of it.
  `six_digits(a) AS CASE WHEN length(a) < 16 THEN a ELSE regexp_replace(a, '(:[0-9]{2}[.][0-9]{6})[0-9]+', '\\1') END`,
  `seventh_digit(a) AS CASE WHEN length(a) < 16 THEN 0 ELSE coalesce(TRY_CAST(regexp_extract(a, ':[0-9]{2}[.][0-9]{6}([0-9])', 1) AS BIGINT), 0) END`,
  `parse_ticks(a, style) AS ticks_of(parse_moment(six_digits(a), style)) + seventh_digit(a)`,
  `parse_time_ticks(a, style) AS epoch_us(coalesce(TRY_CAST(six_digits(a) AS TIME), CAST(parse_moment(six_digits(a), style) AS TIME))) * 10 + seventh_digit(a)`,
  `text_offset(a) AS CASE WHEN regexp_full_match(trim(a), '[+-][0-9]{1,2}:[0-5][0-9]') THEN (CASE WHEN trim(a) LIKE '-%' THEN -1 ELSE 1 END) * (CAST(regexp_extract(a, '([0-9]{1,2}):', 1) AS INTEGER) * 60 + CAST(regexp_extract(a, ':([0-9]{2})', 1) AS INTEGER)) END`,
  `checked_offset(n) AS CASE WHEN n BETWEEN -840 AND 840 OR n IS NULL THEN n ELSE error('§9812§The timezone provided to builtin function is invalid.') END`,
  // An offset behind the text is where it is; without one it is UTC.
  `parse_offset(a, style) AS CASE WHEN regexp_matches(a, '[0-9] *[+-][0-9]{1,2}:[0-9]{2} *$') THEN offset_at(parse_ticks(regexp_replace(a, ' *[+-][0-9]{1,2}:[0-9]{2} *$', ''), style), CASE WHEN abs(text_offset(regexp_extract(a, '[+-][0-9]{1,2}:[0-9]{2} *$'))) <= 840 THEN text_offset(regexp_extract(a, '[+-][0-9]{1,2}:[0-9]{2} *$')) END) ELSE offset_value(parse_ticks(a, style), 0) END`,
  // moments
  `to_datetime(a) AS CASE WHEN a < TIMESTAMP '1753-01-01' THEN error('§242§The conversion of a datetime2 data type to a datetime data type resulted in an out-of-range value.') ELSE date_trunc('second', a) + to_microseconds(CAST(round(round((microsecond(a) % 1000000) * 3 / 10000.0) * 10 / 3) AS BIGINT) * 1000) END`,
  `to_smalldatetime(a) AS CASE WHEN a < TIMESTAMP '1900-01-01' OR a >= TIMESTAMP '2079-06-07' THEN error('§242§The conversion of a datetime2 data type to a smalldatetime data type resulted in an out-of-range value.') ELSE date_trunc('minute', a + to_seconds(CASE WHEN second(a) + (microsecond(a) % 1000000) / 1e6 >= 29.999 THEN 30 ELSE 0 END)) END`,
  `round_moment(a, unit) AS make_timestamp(((epoch_us(a) + unit // 2) // unit) * unit)`,
  `round_time(a, unit) AS CAST(make_timestamp(((epoch_us(DATE '1970-01-01' + a) + unit // 2) // unit) * unit) AS TIME)`,
  `days_after_1900(n) AS to_datetime(TIMESTAMP '1900-01-01' + to_microseconds(CAST(round(CAST(n AS DOUBLE) * 86400000000) AS BIGINT)))`,
  `days_since_1900(a) AS (epoch_us(a) - epoch_us(TIMESTAMP '1900-01-01')) / 86400000000.0`,
  `moment_from_parts(y, mo, d, h, mi, s, ms) AS make_timestamp(y, mo, d, h, mi, s + ms / 1000.0)`,
  `valid_date(y, m, d) AS y BETWEEN 1 AND 9999 AND m BETWEEN 1 AND 12 AND d BETWEEN 1 AND 31 AND (d <= 28 OR d <= day(last_day(make_date(y, m, 1))))`,
  `valid_time(h, m, s) AS h BETWEEN 0 AND 23 AND m BETWEEN 0 AND 59 AND s BETWEEN 0 AND 59`,
  `valid_moment(y, mo, d, h, mi) AS valid_date(y, mo, d) AND valid_time(h, mi, 0)`,
  `in_range(a) AS CASE WHEN a >= TIMESTAMP '10000-01-01' OR a < TIMESTAMP '0001-01-01' THEN error('§517§Adding a value to a ''datetime'' column caused an overflow.') ELSE a END`,
  `difference(n) AS CASE WHEN n NOT BETWEEN -2147483648 AND 2147483647 THEN error('§535§The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.') ELSE CAST(n AS INTEGER) END`,
  `week_of_year(a) AS CAST((dayofyear(a) + dayofweek(date_trunc('year', a)) - 1) // 7 + 1 AS INTEGER)`,
  `week_difference(a, b) AS date_diff('day', CAST(a AS DATE) - CAST(dayofweek(a) AS INTEGER), CAST(b AS DATE) - CAST(dayofweek(b) AS INTEGER)) // 7`,
  `moment_style_0(a) AS strftime(a, '%b ') || lpad(CAST(day(a) AS VARCHAR), 2, ' ') || strftime(a, ' %Y ') || lpad(strftime(a, '%-I'), 2, ' ') || strftime(a, ':%M%p')`,
  `moment_style_9(a) AS strftime(a, '%b ') || lpad(CAST(day(a) AS VARCHAR), 2, ' ') || strftime(a, ' %Y ') || lpad(strftime(a, '%-I'), 2, ' ') || strftime(a, ':%M:%S:%g%p')`,
  `moment_style_9_exact(a, n, d) AS strftime(a, '%b ') || lpad(CAST(day(a) AS VARCHAR), 2, ' ') || strftime(a, ' %Y ') || lpad(strftime(a, '%-I'), 2, ' ') || strftime(a, ':%M:%S') || CASE WHEN n = 0 THEN '' ELSE '.' || left(strftime(a, '%f') || CAST(d AS VARCHAR), n) END || strftime(a, '%p')`,
  `time_style_0(a) AS lpad(strftime(a, '%-I'), 2, ' ') || strftime(a, ':%M%p')`,
  `date_style_0(a) AS strftime(a, '%b ') || lpad(CAST(day(a) AS VARCHAR), 2, ' ') || strftime(a, ' %Y')`,
  `moment_style_22(a) AS strftime(a, '%m/%d/%y ') || lpad(strftime(a, '%-I'), 2, ' ') || strftime(a, ':%M:%S %p')`,
  `moment_iso(a) AS CASE WHEN microsecond(a) % 1000000 = 0 THEN strftime(a, '%Y-%m-%dT%H:%M:%S') ELSE strftime(a, '%Y-%m-%dT%H:%M:%S.%g') END`,
  // numbers to text
  `exponent(a) AS regexp_replace(a, 'e([+-])([0-9]{2})$', 'e\\10\\2')`,
  `float_to_text(a, style) AS CASE WHEN style = 3 THEN exponent(format('{:.17g}', a)) WHEN style = 1 THEN exponent(format('{:.7e}', a)) WHEN style = 2 THEN exponent(format('{:.15e}', a)) ELSE exponent(format('{:.6g}', a)) END`,
  `real_to_text(a, style) AS CASE WHEN style = 1 THEN exponent(format('{:.7e}', a)) ELSE exponent(format('{:.6g}', a)) END`,
  `money_to_text(a, style) AS CASE WHEN style = 1 THEN format('{:,.2f}', CAST(a AS DECIMAL(38,2))::DOUBLE) WHEN style = 2 OR style = 126 THEN CAST(a AS VARCHAR) ELSE CAST(CAST(a AS DECIMAL(38,2)) AS VARCHAR) END`,
  `integer_to_binary(a, n) AS from_hex(lpad(CASE WHEN a < 0 THEN right(hex(a), n * 2) ELSE hex(a) END, n * 2, '0'))`,
  `binary_to_integer(b) AS CASE WHEN b IS NULL THEN NULL WHEN octet_length(b) = 0 THEN 0 ELSE CAST(list_sum(list_transform(generate_series(1, length(hex(b))), lambda i: CAST(strpos('0123456789ABCDEF', substr(hex(b), i, 1)) - 1 AS HUGEINT) * CAST(pow(16, length(hex(b)) - i) AS HUGEINT))) AS BIGINT) END`,
  `utf16_bytes(a) AS CASE WHEN a IS NULL THEN NULL WHEN a = '' THEN ''::BLOB ELSE from_hex(array_to_string(list_transform(string_split(a, ''), lambda c: CASE WHEN unicode(c) < 65536 THEN printf('%02X%02X', unicode(c) % 256, unicode(c) // 256) ELSE printf('%02X%02X', (55296 + (unicode(c) - 65536) // 1024) % 256, (55296 + (unicode(c) - 65536) // 1024) // 256) || printf('%02X%02X', (56320 + (unicode(c) - 65536) % 1024) % 256, (56320 + (unicode(c) - 65536) % 1024) // 256) END), '')) END`,
  // assignment to columns with a length
  `fit(a, n, t, c) AS CASE WHEN strlen(a) <= n THEN a WHEN utf16_length(a) <= n THEN a WHEN utf16_length(rtrim(a, ' ')) <= n THEN left(a, n) ELSE error('§2628§String or binary data would be truncated in table ''' || t || ''', column ''' || c || '''. Truncated value: ''' || left(a, n) || '''.') END`,
  `fit_binary(a, n, t, c) AS CASE WHEN octet_length(a) <= n OR a IS NULL THEN a ELSE error('§2628§String or binary data would be truncated in table ''' || t || ''', column ''' || c || '''. Truncated value: ''''.') END`,
  `not_null(a, t, c) AS CASE WHEN a IS NULL THEN error('§515§Cannot insert the value NULL into column ''' || c || ''', table ''' || t || '''; column does not allow nulls. INSERT fails.') ELSE a END`,
];
