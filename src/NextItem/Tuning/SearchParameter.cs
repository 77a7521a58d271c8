using System.Collections.Immutable;
using System.Globalization;

namespace NextItem;

/// <summary>A hyperparameter that is searched, and the values that it may have.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What kind of values it has.</param>
public sealed record SearchParameter(string Name, SearchKind Kind)
{
    /// <summary>Significant digits of a number without a step: what is tried is what is told.</summary>
    private const int Digits = 6;

    /// <summary>The least number. Default 0.</summary>
    public double Low { get; init; }

    /// <summary>The greatest number. Default 1.</summary>
    public double High { get; init; } = 1;

    /// <summary>Only <see cref="Low"/> and so many steps above it are tried. Default 0: no steps for real numbers, 1 for whole ones.</summary>
    public double Step { get; init; }

    /// <summary>Whether factors count instead of differences: as many trials between 0.01 and 0.1 as between 0.1 and 1. Default false.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>The values of a choice. Default none.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>When it is searched; null for always. Default null.</summary>
    public SearchCondition? When { get; init; }

    /// <summary>The value as text: a choice's word, or the number.</summary>
    /// <param name="value">The number; of a choice its place among <see cref="Values"/>.</param>
    public string TextOf(double value) => Kind switch
    {
        SearchKind.Choice => Values[(int)value],
        SearchKind.Whole => ((long)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>How many values there are; 0 for a number without steps, which has no end of them.</summary>
    internal long Count => Kind switch
    {
        SearchKind.Choice => Values.Length,
        _ when Spacing > 0 => (long)Math.Floor(((High - Low) / Spacing) + 1e-9) + 1,
        _ => 0,
    };

    /// <summary>Whether numbers lie on a line: not of choices.</summary>
    internal bool IsOrdered => Kind != SearchKind.Choice;

    private double Spacing => Step > 0 ? Step : Kind == SearchKind.Whole ? 1 : 0;

    /// <summary>The value at a place in [0, 1): equal stretches of it are equally likely where nothing is known.</summary>
    internal double At(double unit)
    {
        if (IsLogarithmic)
        {
            var (low, high) = LogRange;
            var value = Math.Exp(low + (unit * (high - low)));
            return Math.Clamp(Kind == SearchKind.Whole ? Math.Round(value) : Rounded(value), Low, High);
        }

        if (Count is > 0 and var count)
            return ValueOf(Math.Min(count - 1, (long)(unit * count)));
        return Math.Clamp(Rounded(Low + (unit * (High - Low))), Low, High);
    }

    /// <summary>The value of a place among all of them, where they have an end.</summary>
    internal double ValueOf(long index) => Kind == SearchKind.Choice ? index : (double)((decimal)Low + (index * (decimal)Spacing));

    /// <summary>The middle of a value's place in [0, 1].</summary>
    internal double UnitOf(double value)
    {
        if (IsLogarithmic)
        {
            var (low, high) = LogRange;
            return high > low ? (Math.Log(value) - low) / (high - low) : 0.5;
        }

        return Count > 0 ? (IndexOf(value) + 0.5) / Count : High > Low ? (value - Low) / (High - Low) : 0.5;
    }

    /// <summary>The stretch of [0, 1] that becomes this value: a point for a number without steps.</summary>
    internal (double From, double To) CellOf(double value)
    {
        if (Count == 0)
            return (UnitOf(value), UnitOf(value));
        if (!IsLogarithmic)
            return (IndexOf(value) / (double)Count, (IndexOf(value) + 1) / (double)Count);
        var (low, high) = LogRange;
        return ((Math.Log(value - 0.5) - low) / (high - low), (Math.Log(value + 0.5) - low) / (high - low));
    }

    internal IEnumerable<string> Faults()
    {
        if (Kind == SearchKind.Choice)
        {
            if (Values.IsDefaultOrEmpty)
                yield return $"'{Name}' has no values; expected at least one to choose from.";
            else if (Values.Distinct().Count() != Values.Length)
                yield return $"'{Name}' has the values {string.Join(", ", Values)}; expected each once.";
            yield break;
        }

        if (!double.IsFinite(Low) || !double.IsFinite(High) || Low > High)
        {
            yield return $"'{Name}' goes from {Text(Low)} to {Text(High)}; expected two numbers, the smaller one first.";
            yield break;
        }

        if (Math.Max(Math.Abs(Low), Math.Abs(High)) > 1e15)
            yield return $"'{Name}' goes from {Text(Low)} to {Text(High)}; expected numbers within 1E+15.";
        if (!double.IsFinite(Step) || Step < 0 || Step > 1e15)
            yield return $"'{Name}' has the step {Text(Step)}; expected 0 for none, or a number above it.";
        if (Kind == SearchKind.Whole && (Low != Math.Floor(Low) || High != Math.Floor(High) || Step != Math.Floor(Step)))
            yield return $"'{Name}' goes from {Text(Low)} to {Text(High)} by {Text(Spacing)}; expected whole numbers.";
        if (IsLogarithmic && Step > 0 && !(Kind == SearchKind.Whole && Step == 1))
            yield return $"'{Name}' is logarithmic and has the step {Text(Step)}; expected one of the two.";
        if (IsLogarithmic && Low <= 0)
            yield return $"'{Name}' is logarithmic and begins at {Text(Low)}; expected more than 0.";
    }

    private (double Low, double High) LogRange => Kind == SearchKind.Whole
        ? (Math.Log(Low - 0.5), Math.Log(High + 0.5)) // a whole number has a stretch to both sides
        : (Math.Log(Low), Math.Log(High));

    private long IndexOf(double value) => Kind == SearchKind.Choice ? (long)value : (long)Math.Round((value - Low) / Spacing);

    private static double Rounded(double value)
    {
        if (value == 0)
            return 0;
        var decimals = Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (decimals is >= 0 and <= 15)
            return Math.Round(value, decimals);
        var scale = Math.Pow(10, decimals);
        return Math.Round(value * scale) / scale;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
