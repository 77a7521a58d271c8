using System.Globalization;
using NextItem.Cli.Output;

namespace NextItem.Cli.Commands;

/// <summary>Durations, dates, fractions and sizes as people type them.</summary>
internal static class PreparationText
{
    private static readonly Dictionary<char, TimeSpan> s_units = new()
    {
        ['s'] = TimeSpan.FromSeconds(1),
        ['m'] = TimeSpan.FromMinutes(1),
        ['h'] = TimeSpan.FromHours(1),
        ['d'] = TimeSpan.FromDays(1),
        ['w'] = TimeSpan.FromDays(7),
    };

    private static readonly (string Ending, long Bytes)[] s_sizes =
    [
        ("TB", 1L << 40), ("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10), ("B", 1),
    ];

    /// <summary>Whether a text is meant as a duration: a number and a unit.</summary>
    public static bool IsDuration(string text) => text.Length > 1 && s_units.ContainsKey(text[^1]) && text[..^1].All(c => char.IsAsciiDigit(c) || c == '.');

    /// <summary>30m, 1h, 7d.</summary>
    public static TimeSpan Duration(string option, string text)
    {
        if (IsDuration(text) && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count > 0 && count * s_units[text[^1]].TotalDays < 1e6)
            return TimeSpan.FromSeconds(count * s_units[text[^1]].TotalSeconds);
        throw new UsageException($"{option} is '{text}'; expected a number and a unit of s, m, h, d or w, for instance 1h.");
    }

    /// <summary>A date, UTC unless it says otherwise, or Unix seconds.</summary>
    public static DateTimeOffset Date(string option, string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 60_000_000_000)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) && text.Contains('-'))
            return date;
        throw new UsageException($"{option} is '{text}'; expected {(option == "--split" ? "a duration such as 1d, " : "")}a date such as 2014-09-29, or Unix seconds.");
    }

    /// <summary>1/64 or 0.1.</summary>
    public static double Fraction(string option, string text)
    {
        var parts = text.Split('/');
        if (parts.Length <= 2 && parts.All(part => double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)))
        {
            var numbers = Array.ConvertAll(parts, part => double.Parse(part, CultureInfo.InvariantCulture));
            var fraction = numbers.Length == 1 ? numbers[0] : numbers[0] / numbers[1];
            if (fraction is > 0 and <= 1)
                return fraction;
        }

        throw new UsageException($"{option} is '{text}'; expected more than 0 and at most 1, for instance 1/64 or 0.1.");
    }

    /// <summary>4GB, 512MB; null for any other text.</summary>
    public static long? Bytes(string text)
    {
        foreach (var (ending, bytes) in s_sizes)
        {
            if (text.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return double.TryParse(text[..^ending.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count > 0 && count * bytes < 1e18 ? (long)(count * bytes) : null;
        }

        return null;
    }
}
