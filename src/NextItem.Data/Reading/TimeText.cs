using System.Globalization;

namespace NextItem.Data.Reading;

/// <summary>How a time is written. A file keeps to one way: numbers have a unit of their own, dates become Unix seconds.</summary>
internal enum TimeKind
{
    None,
    Number,
    Date,
}

/// <summary>
/// Times as text: a finite number, or an ISO 8601 date. The framework's own lenient date parsing is not used: it completes
/// what is missing from the wall clock, and depends on formats nobody named.
/// </summary>
internal static class TimeText
{
    private const int MostFractionDigits = 9;
    private const int LongestMonth = 9; // September
    private const int UnixEpochDay = 719_162;

    /// <summary>Parses a number or a date; <paramref name="kind"/> is <see cref="TimeKind.None"/> when it is neither.</summary>
    public static double Parse(ReadOnlySpan<char> text, out TimeKind kind)
    {
        double time;
        if (HasIsoShape(text))
            kind = TryParseDate(text, out time) ? TimeKind.Date : TimeKind.None;
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out time) && double.IsFinite(time))
            kind = TimeKind.Number;
        else
            kind = TimeKind.None;
        return time;
    }

    /// <summary>Whether a text is meant as an ISO 8601 date, good or not: year, month and day are where they belong.</summary>
    public static bool HasIsoShape(ReadOnlySpan<char> text) => text.Length >= 10 && text[4] == '-' && text[7] == '-';

    /// <summary>Whether a text is a time of either kind.</summary>
    public static bool IsTime(ReadOnlySpan<char> text)
    {
        Parse(text, out var kind);
        return kind != TimeKind.None;
    }

    /// <summary>
    /// Whether a text that may be no time here is a date to a person, such as 01.03.2026 00:00, 3/1/2026 or Mar 1, 2026: four digits and
    /// more, marks between, and no word longer than the names of months.
    /// </summary>
    public static bool LooksLikeDate(ReadOnlySpan<char> text)
    {
        int digits = 0, marks = 0, letters = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
                (digits, letters) = (digits + 1, 0);
            else if (char.IsLetter(c) && ++letters > LongestMonth)
                return false;
            else if (c is '.' or '/' or '-' or ':' or ' ' or ',')
                (marks, letters) = (marks + 1, 0);
            else if (!char.IsLetter(c) && c != '+')
                return false;
        }

        return digits >= 4 && marks >= 2;
    }

    /// <summary>Unix seconds of a date and time taken as UTC.</summary>
    public static double UnixSeconds(DateTime utc)
    {
        // Whole seconds and the rest apart: the ticks since 1970 have more digits than a double.
        var (seconds, ticks) = Math.DivRem(utc.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
        return seconds + ticks / (double)TimeSpan.TicksPerSecond;
    }

    // yyyy-MM-dd, then optionally: T, t or space; HH:mm; :ss; . or , and digits; Z, z, " UTC", +HH, +HHmm or +HH:mm.
    private static bool TryParseDate(ReadOnlySpan<char> text, out double unixSeconds)
    {
        unixSeconds = 0;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;
        var seconds = (new DateOnly(year, month, day).DayNumber - UnixEpochDay) * 86_400L;
        var rest = text[10..];
        if (rest.IsEmpty)
        {
            unixSeconds = seconds;
            return true;
        }

        if (rest[0] is not ('T' or 't' or ' ') || !TryClock(rest[1..], out var clock, out var fraction, out rest)
            || !TryOffset(rest, out var offset))
            return false;
        unixSeconds = seconds + clock - offset + fraction;
        return true;
    }

    private static bool TryClock(ReadOnlySpan<char> text, out int seconds, out double fraction, out ReadOnlySpan<char> rest)
    {
        seconds = 0;
        fraction = 0;
        rest = default;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute)
            || hour > 23 || minute > 59)
            return false;
        seconds = hour * 3600 + minute * 60;
        rest = text[5..];
        if (rest.IsEmpty || rest[0] != ':')
            return true;
        if (rest.Length < 3 || !TryDigits(rest[1..3], out var second) || second > 59)
            return false;
        seconds += second;
        rest = rest[3..];
        return rest.IsEmpty || rest[0] is not ('.' or ',') || TryFraction(ref rest, out fraction);
    }

    private static bool TryFraction(ref ReadOnlySpan<char> rest, out double fraction)
    {
        long digits = 0;
        var scale = 1L;
        var length = 1;
        for (; length < rest.Length && char.IsAsciiDigit(rest[length]); length++)
        {
            if (length > MostFractionDigits)
                continue;
            digits = digits * 10 + (rest[length] - '0');
            scale *= 10;
        }

        fraction = digits / (double)scale;
        rest = rest[length..];
        return length > 1;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        if (text is "" or "Z" or "z" or " UTC")
            return true;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ('+' or '-') || (text.Length == 6 && text[3] != ':'))
            return false;
        var minute = 0;
        if (!TryDigits(text[1..3], out var hour) || (text.Length > 3 && !TryDigits(text[^2..], out minute)) || hour > 23 || minute > 59)
            return false;
        seconds = (hour * 3600 + minute * 60) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }

        return true;
    }
}
