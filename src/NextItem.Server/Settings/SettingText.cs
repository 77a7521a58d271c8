using System.Globalization;
using System.Text.Json;

namespace NextItem.Server.Settings;

/// <summary>Values of settings as text.</summary>
internal static class SettingText
{
    private static readonly (string Name, TimeSpan Length)[] s_units =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    /// <summary>Entries separated by commas or semicolons.</summary>
    public static IReadOnlyList<string> List(string text) =>
        text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Yes or no.</summary>
    public static bool Flag(string text) => bool.TryParse(text, out var flag) ? flag : throw new FormatException("true or false.");

    /// <summary>A place for sessions.</summary>
    public static SessionStoreKind Store(string text) => text switch
    {
        "memory" => SessionStoreKind.Memory,
        "redis" => SessionStoreKind.Redis,
        _ => throw new FormatException("memory or redis."),
    };

    /// <summary>A whole number.</summary>
    public static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("a whole number.");

    /// <summary>A part of a whole.</summary>
    public static double Share(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1 ? share : throw new FormatException("a number from 0 to 1.");

    /// <summary>A number with a unit.</summary>
    public static TimeSpan Duration(string text)
    {
        foreach (var (name, length) in s_units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - name.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * length.TotalDays <= 10_000)
                return number * length;
        }

        throw new FormatException("a time such as 500ms, 30s, 30m, 1h or 7d.");
    }

    /// <summary>A length of time in the largest unit that it is a whole number of.</summary>
    public static string Of(TimeSpan time)
    {
        var (name, length) = s_units.Last(unit => time.Ticks % unit.Length.Ticks == 0);
        return $"{time.Ticks / length.Ticks}{name}";
    }

    /// <summary>A value of JSON; null for one that no setting has.</summary>
    public static string? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array when value.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String) =>
            string.Join(',', value.EnumerateArray().Select(entry => entry.GetString())),
        _ => null,
    };
}
