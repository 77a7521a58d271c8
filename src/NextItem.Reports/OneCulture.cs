using System.Globalization;

namespace NextItem.Reports;

/// <summary>
/// Numbers in reports are those of every other report, whatever the host's culture: a decimal comma would make two columns of one in other
/// programs' eyes. Set for a whole call and not number by number, since the drawing library writes numbers too.
/// </summary>
internal readonly struct OneCulture : IDisposable
{
    private readonly CultureInfo _before;

    private OneCulture(CultureInfo before) => _before = before;

    /// <summary>Sets the invariant culture on this thread, until what is returned is disposed.</summary>
    public static OneCulture Here()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return new OneCulture(before);
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
