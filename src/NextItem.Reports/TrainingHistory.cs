using System.Globalization;
using System.Text;

namespace NextItem.Reports;

/// <summary>
/// What the epochs of a training came to, as a table for other programs and as a picture for people. All of it is made from the
/// summaries that training reports (<see cref="TrainingProgress.FinishedEpoch"/>). Equal summaries give equal tables, and on the
/// same machine equal pictures.
/// </summary>
public static class TrainingHistory
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The columns that every epoch has, in the order of the table.</summary>
    private static readonly (string Name, Func<EpochSummary, string> Value)[] s_columns =
    [
        ("epoch", epoch => Text(epoch.Epoch)),
        ("loss", epoch => Text(epoch.Loss)),
        ("seconds", epoch => Timed(epoch, epoch.Seconds)),
        ("mini_batches", epoch => Text(epoch.MiniBatches)),
        ("events", epoch => Text(epoch.Events)),
        ("mini_batches_per_second", epoch => Timed(epoch, epoch.MiniBatchesPerSecond)),
        ("events_per_second", epoch => Timed(epoch, epoch.EventsPerSecond)),
    ];

    /// <summary>
    /// Writes a table: a header, then a row an epoch, in UTF-8 with commas. After the columns of every epoch comes one for each
    /// validation metric, named like <c>recall@20</c>; its cell is empty where an epoch was not validated, and so are seconds and speeds where no clock was
    /// given (<see cref="TrainingContext.TimeProvider"/>). Numbers have a point, no thousands separator, and all their digits: reading them
    /// gives the same number.
    /// </summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="epochs">The finished epochs; none gives the header alone.</param>
    public static void WriteCsv(Stream destination, IReadOnlyList<EpochSummary> epochs)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(epochs);
        var metrics = ValidationMetric.Of(epochs);
        using var culture = OneCulture.Here();
        using var writer = new StreamWriter(destination, s_utf8, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', [.. s_columns.Select(column => column.Name), .. metrics.Select(metric => metric.ToString())]));
        foreach (var epoch in epochs)
        {
            writer.WriteLine(string.Join(
                ',',
                [.. s_columns.Select(column => column.Value(epoch)), .. metrics.Select(metric => metric.ValueIn(epoch) is { } value ? Text(value) : "")]));
        }
    }

    /// <summary>
    /// Draws the loss over the epochs and, where epochs were validated, the metrics in a second panel below it, as a PNG picture.
    /// MRR@1 is Recall@1, and is not drawn where that is.
    /// </summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="epochs">The finished epochs; at least one.</param>
    /// <param name="title">Stands above the picture. Default: what the picture shows, without a name of its own.</param>
    /// <param name="width">Pixels across, at least <see cref="MinimumWidth"/>. Default 960.</param>
    /// <param name="height">Pixels down, at least <see cref="MinimumHeight"/>. Default 640.</param>
    /// <exception cref="PlatformNotSupportedException">The native drawing library does not load on this machine.</exception>
    public static void WritePng(Stream destination, IReadOnlyList<EpochSummary> epochs, string title = "Training", int width = 960, int height = 640)
    {
        Validate(destination, epochs, title, width, height);
        using var culture = OneCulture.Here();
        DrawingLibrary.Run(() => HistoryPlot.WritePng(destination, epochs, title, width, height));
    }

    /// <summary>The picture of <see cref="WritePng"/> as SVG, which stays sharp at every size.</summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="epochs">The finished epochs; at least one.</param>
    /// <param name="title">Stands above the picture. Default: what the picture shows, without a name of its own.</param>
    /// <param name="width">Units across, at least <see cref="MinimumWidth"/>. Default 960.</param>
    /// <param name="height">Units down, at least <see cref="MinimumHeight"/>. Default 640.</param>
    /// <exception cref="PlatformNotSupportedException">The native drawing library does not load on this machine.</exception>
    public static void WriteSvg(Stream destination, IReadOnlyList<EpochSummary> epochs, string title = "Training", int width = 960, int height = 640)
    {
        Validate(destination, epochs, title, width, height);
        using var culture = OneCulture.Here();
        DrawingLibrary.Run(() => HistoryPlot.WriteSvg(destination, epochs, title, width, height));
    }

    /// <summary>The least width of a picture: below it the axes leave no room for the lines.</summary>
    public const int MinimumWidth = 400;

    /// <summary>The least height of a picture.</summary>
    public const int MinimumHeight = 300;

    /// <summary>
    /// Whether this machine has a font. Without one the pictures are drawn all the same, but without any text: no title, no
    /// labels, no numbers on the axes.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The native drawing library does not load on this machine.</exception>
    public static bool CanDrawText()
    {
        var any = false;
        DrawingLibrary.Run(() => any = PlotFont.Family is not null);
        return any;
    }

    private static void Validate(Stream destination, IReadOnlyList<EpochSummary> epochs, string title, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, MinimumWidth);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, MinimumHeight);
        if (epochs.Count == 0)
            throw new ArgumentException("There is no epoch; expected at least one to draw.", nameof(epochs));
    }

    /// <summary>Nothing where no time was taken: an epoch of 0 seconds there was none.</summary>
    private static string Timed(EpochSummary epoch, double number) => epoch.Seconds > 0 ? Text(number) : "";

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
