using System.Globalization;

namespace NextItem.Data.Features;

/// <summary>Numbers as text, with a point and without grouping.</summary>
internal static class NumberText
{
    public const string Expected = "a finite number, or nothing where it is missing";

    /// <summary>Whether a text is a number; infinite and not-a-number are, to be refused with a message of their own.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Whether a text is a number that a column can have.</summary>
    public static bool TryParseFinite(ReadOnlySpan<char> text, out double number) => TryParse(text, out number) && double.IsFinite(number);
}
